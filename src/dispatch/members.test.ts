import assert from "node:assert/strict";
import { beforeEach, suite, test } from "node:test";
import { chooseProcess } from "../domain/rendezvous.ts";
import { Members, SILENT_AFTER_MS, type WorkerRow } from "./members.ts";

const NOW = 1_000_000;
const row = (id: string, change: Partial<WorkerRow> = {}): WorkerRow => ({
  id,
  boot_id: "boot",
  host: "host",
  pid: 1,
  heard_at: NOW,
  read_at: NOW,
  members: "[]",
  holding: "[]",
  ...change,
});
const goingBy = (id: string, members: readonly string[], change: Partial<WorkerRow> = {}) =>
  row(id, { members: JSON.stringify(members), ...change });
/** Enough connections that each of two workers owns some. */
const CONNECTIONS = Array.from({ length: 50 }, (_, index) => `connection ${index}`);

suite("the members, as one worker sees them,", () => {
  let members: Members;
  const ended = new Set<string>();
  beforeEach(() => {
    ended.clear();
    members = new Members("a", ({ id }) => ended.has(id));
  });
  const owned = () => CONNECTIONS.filter((id) => members.own(id));

  test("share the connections", () => {
    assert.equal(owned().length, CONNECTIONS.length);
    const change = members.read([row("a"), row("b")], 0);
    assert.deepEqual(change, { before: ["a"], died: [] });
    assert.deepEqual(
      owned(),
      CONNECTIONS.filter((id) => chooseProcess(["a", "b"], id) === "a"),
    );
    assert.ok(owned().length > 0 && owned().length < CONNECTIONS.length);
    assert.equal(members.read([row("a"), row("b")], 0), null);
  });

  test("do not wait for the silence of a worker that is known to have ended", () => {
    members.read([row("a"), goingBy("b", ["a", "b"])], 0);
    ended.add("b");
    const change = members.read([row("a"), goingBy("b", ["a", "b"])], 0);
    assert.deepEqual(change, { before: ["a", "b"], died: ["b"] });
    assert.equal(owned().length, CONNECTIONS.length);
    assert.ok(CONNECTIONS.every((id) => !members.mayBeWorkedElsewhere(id)));
  });

  test("leave a silent worker's connections alone for as long as its last requests can take", () => {
    const b = goingBy("b", ["a", "b"]);
    members.read([row("a"), b], 0);
    const silent = (ms: number) => ({ ...b, read_at: NOW + ms });
    members.read([row("a"), silent(SILENT_AFTER_MS)], SILENT_AFTER_MS);
    const [its = ""] = CONNECTIONS.filter((id) => chooseProcess(["a", "b"], id) === "b");
    const [own = ""] = CONNECTIONS.filter((id) => chooseProcess(["a", "b"], id) === "a");
    assert.equal(members.mayBeSentElsewhereUntil(its, 60_000), 65_000);
    assert.equal(members.mayBeSentElsewhereUntil(its, 15_000), SILENT_AFTER_MS, "is over with the silence");
    assert.equal(members.mayBeSentElsewhereUntil(own, 60_000), Number.NEGATIVE_INFINITY);
    members.read([row("a"), silent(65_000)], 65_000);
    assert.equal(members.mayBeSentElsewhereUntil(its, 60_000), Number.NEGATIVE_INFINITY);
  });

  test("leave them alone right after joining too, unless the worker is known to have ended", () => {
    const b = goingBy("b", ["b", "c"], { holding: JSON.stringify(["held"]), read_at: NOW + 30_000 });
    members.read([row("a"), b], 1000);
    assert.equal(members.mayBeSentElsewhereUntil("held", 60_000), 1000 - 30_000 + 65_000);
    ended.add("b");
    members.read([row("a"), b], 1000);
    assert.equal(members.mayBeSentElsewhereUntil("held", 60_000), Number.NEGATIVE_INFINITY);
  });

  test("inherit once from a worker that ended just before they first looked", () => {
    ended.add("b");
    assert.deepEqual(members.read([row("a"), row("b")], 0), { before: ["a", "b"], died: ["b"] });
    assert.equal(members.read([row("a"), row("b")], 0), null);
    const old = row("b", { heard_at: NOW - SILENT_AFTER_MS });
    assert.equal(new Members("a", () => true).read([old], 0), null);
  });

  test("leave alone what another worker considers its own, until it has the same members", () => {
    members.read([row("a"), goingBy("b", ["b"])], 0);
    assert.ok(CONNECTIONS.every((id) => members.mayBeWorkedElsewhere(id)));
    assert.equal(members.isSettling, true);
    members.read([row("a"), goingBy("b", ["a", "b"])], 0);
    assert.ok(CONNECTIONS.every((id) => !members.mayBeWorkedElsewhere(id)));
    assert.equal(members.isSettling, false);
  });

  test("leave alone the connections that another worker has not released, and no others", () => {
    const holding = JSON.stringify(["connection 3"]);
    members.read([row("a"), goingBy("b", ["a", "b"], { holding })], 0);
    assert.deepEqual(
      CONNECTIONS.filter((id) => members.mayBeWorkedElsewhere(id)),
      ["connection 3"],
    );
    assert.equal(members.isSettling, true);
  });

  test("are not blocked by a newcomer that does not know the others yet", () => {
    members.read([row("a"), row("b")], 0);
    assert.ok(CONNECTIONS.every((id) => !members.mayBeWorkedElsewhere(id)));
  });

  const silent = (id: string, forMs: number) => row(id, { heard_at: NOW - forMs });

  test("drop a worker that is silent by the database's clock, whichever way that is off", () => {
    members.read([row("a"), silent("b", SILENT_AFTER_MS - 1)], 0);
    assert.deepEqual(members.ids, ["a", "b"]);
    const change = members.read([row("a"), silent("b", SILENT_AFTER_MS)], SILENT_AFTER_MS);
    assert.deepEqual(change, { before: ["a", "b"], died: ["b"] });
    members.read([row("a"), silent("c", -SILENT_AFTER_MS)], 0);
    assert.deepEqual(members.ids, ["a"]);
  });

  test("keep a worker whose heartbeat has changed recently", () => {
    const HOUR = 3_600_000;
    members.read([row("a"), silent("b", HOUR)], 0);
    assert.deepEqual(members.ids, ["a"]);
    members.read([row("a"), silent("b", HOUR - 2000)], 2000);
    assert.deepEqual(members.ids, ["a", "b"]);
    members.read([row("a"), silent("b", HOUR - 2000)], 2000 + SILENT_AFTER_MS - 1);
    assert.deepEqual(members.ids, ["a", "b"]);
    members.read([row("a"), silent("b", HOUR - 2000)], 2000 + SILENT_AFTER_MS);
    assert.deepEqual(members.ids, ["a"]);
  });

  test("do not take silence for an end while they could not read heartbeats themselves", () => {
    members.read([row("a"), row("b")], 0);
    members.grantGrace(90_000);
    const after = { heard_at: NOW, read_at: NOW + 60_000 };
    members.read([row("a"), row("b", after), row("stranger", after)], 60_000);
    assert.deepEqual(members.ids, ["a", "b"]);
    members.read([row("a"), row("b", after)], 90_000);
    assert.deepEqual(members.ids, ["a"]);
  });

  test("distinguish a worker that stopped from one that crashed", () => {
    members.read([row("a"), row("b")], 0);
    assert.deepEqual(members.read([row("a")], 0), { before: ["a", "b"], died: [] });
  });
});
