import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { recordAudit } from "../../src/audit/record-audit.ts";
import { newId } from "../../src/db/new-id.ts";
import type { Actor } from "../../src/domain/actor.ts";
import type { AuditEntry } from "../../src/domain/audit-entry.ts";
import { ApiClient } from "../support/api-client.ts";
import { checkResponse } from "../support/check-response.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { addUser, startInstance } from "../support/instance.ts";
import { type ServedApp, serveTestApp } from "../support/served-app.ts";

const HOUR = 3_600_000;
const LIST = "/api/audit-log";
const EXPORT = "/api/audit-log/export";

forEachDatabase((makeDatabase) => {
  let database: TestDatabase;
  let test: ServedApp;
  let person: Actor;
  let from: number;
  const connectionId = newId();

  before(async () => {
    database = await makeDatabase();
    test = await serveTestApp(database);
    from = test.clock.now - 10 * HOUR;
    person = { kind: "user", id: newId(), name: "Ada", workspaceId: test.workspaceId, address: "192.0.2.7" };
    const target = { kind: "connection", id: connectionId } as const;
    await record({ actor: person, action: "connection.connected", target, metadata: { name: "Orders" } }, 0);
    await record({ actor: person, action: "connection.paused", target, metadata: {} }, 1);
    const system: Actor = { ...person, kind: "system", id: null, name: "OpenSend", address: null };
    await record(
      { actor: system, action: "connection.paused", target: { ...target, id: newId() }, metadata: {} },
      2,
    );
  });
  after(async () => {
    await test.close();
    await database.remove();
  });

  const db = () => test.context.store.db;
  const record = (entry: AuditEntry, hours: number) => recordAudit(db(), entry, from + hours * HOUR);
  const actions = async (query: string) => {
    const response = await test.api.get(`${LIST}?${query}`);
    checkResponse("GET", LIST, response);
    assert.equal(response.status, 200, response.text);
    return response.body.data.map((entry: { action: string }) => entry.action);
  };
  const at = (hours: number) => encodeURIComponent(new Date(from + hours * HOUR).toISOString());

  describe("the audit log", () => {
    it("can be filtered by action, actor, target and time", async () => {
      assert.deepEqual(await actions("action=connection.connected"), ["connection.connected"]);
      assert.deepEqual(await actions("action=connection.*"), [
        "connection.paused",
        "connection.paused",
        "connection.connected",
      ]);
      assert.deepEqual(await actions("action=api_key.*"), ["api_key.created"]);
      assert.deepEqual(await actions("action=apixkey.*"), []);
      assert.deepEqual(await actions(`actor=${person.id}`), ["connection.paused", "connection.connected"]);
      assert.deepEqual(await actions("actor=user"), ["connection.paused", "connection.connected"]);
      assert.deepEqual(await actions("actor=system&action=connection.paused"), ["connection.paused"]);
      assert.deepEqual(await actions(`target_id=${connectionId}`), [
        "connection.paused",
        "connection.connected",
      ]);
      assert.deepEqual(await actions(`created_from=${at(1)}&created_before=${at(2)}`), ["connection.paused"]);
      assert.deepEqual(await actions(`created_before=${at(1)}`), ["connection.connected"]);
    });

    it("keeps its filter from page to page", async () => {
      const first = await test.api.get(`${LIST}?action=connection.*&limit=2`);
      assert.equal(first.body.has_more, true);
      const rest = await actions(`action=connection.*&limit=2&cursor=${first.body.next_cursor}`);
      assert.deepEqual(rest, ["connection.connected"]);
    });

    it("refuses unknown filters, in the list and the export", async () => {
      for (const query of [
        "action=paused",
        "action=*",
        "actor=Ada",
        "target_id=1",
        "created_from=soon",
        "who=me",
      ]) {
        for (const path of [LIST, EXPORT]) {
          const response = await test.api.get(`${path}?${query}`);
          assert.equal(response.status, 422, `${path} ${query}`);
          checkResponse("GET", path, response);
        }
      }
      assert.equal((await test.api.get(`${EXPORT}?limit=1`)).status, 422);
    });
  });

  describe("its export", () => {
    it("is a file of the filtered entries, newest first", async () => {
      const response = await test.api.get(`${EXPORT}?actor=${person.id}`);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("content-type"), "text/csv; charset=utf-8");
      const day = new Date(test.clock.now).toISOString().slice(0, 10);
      assert.equal(
        response.headers.get("content-disposition"),
        `attachment; filename="audit-log-${day}.csv"`,
      );
      const [paused, connected] = (await test.api.get(`${LIST}?actor=${person.id}`)).body.data;
      const who = `user,${person.id},Ada,192.0.2.7,connection,${connectionId}`;
      assert.equal(
        response.text,
        [
          "created_at,action,actor_kind,actor_id,actor_name,address,target_kind,target_id,metadata,id",
          `${paused.created_at},connection.paused,${who},{},${paused.id}`,
          `${connected.created_at},connection.connected,${who},"{""name"":""Orders""}",${connected.id}`,
          "",
        ].join("\r\n"),
      );
    });

    it("has only the header row when nothing matches", async () => {
      const { text } = await test.api.get(`${EXPORT}?action=replay.stopped`);
      assert.equal(text.split("\r\n").length, 2);
    });

    it("spans several pages, with each entry once", async () => {
      const actor: Actor = { ...person, id: newId(), name: "Busy" };
      const target = { kind: "session", id: null } as const;
      await db()
        .transaction()
        .execute(async (trx) => {
          for (let number = 0; number < 1_101; number += 1) {
            const entry = { actor, action: "session.created", target, metadata: { number } } as const;
            await recordAudit(trx, entry, from);
          }
        });
      const { text } = await test.api.get(`${EXPORT}?actor=${actor.id}`);
      const lines = text.split("\r\n").slice(1, -1);
      const ids = lines.map((line) => line.split(",").at(-1) ?? "");
      assert.equal(new Set(ids).size, 1_101);
      assert.deepEqual(ids, ids.toSorted().toReversed());
    });

    it("has no cell that a spreadsheet would run as a formula", async () => {
      const names = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x","y")'];
      const actor: Actor = { ...person, id: newId() };
      for (const name of names) {
        const target = { kind: "user", id: null } as const;
        await record({ actor: { ...actor, name }, action: "user.created", target, metadata: {} }, 3);
      }
      const { text } = await test.api.get(`${EXPORT}?actor=${actor.id}`);
      for (const shown of [
        "'=1+1",
        "'+1",
        "'-1",
        "'@SUM(A1)",
        `"'\tx"`,
        `"'\rx"`,
        `"'=HYPERLINK(""http://x"",""y"")"`,
      ]) {
        assert.ok(text.includes(`,${shown},`), shown);
      }
    });

    it("contains only the workspace's own entries", async () => {
      const other = await test.makeWorkspace();
      const { key } = await test.makeKey(other);
      const outsider = new ApiClient(test.url, { key });
      const theirs = await outsider.get(EXPORT);
      assert.deepEqual(
        theirs.text
          .split("\r\n")
          .slice(1)
          .map((line) => line.split(",")[1]),
        ["api_key.created", undefined],
      );
      assert.deepEqual((await outsider.get(`${LIST}?target_id=${connectionId}`)).body.data, []);
      assert.doesNotMatch((await outsider.get(`${EXPORT}?target_id=${connectionId}`)).text, /Ada/);
    });
  });

  it("requires a person or a key with read access", async () => {
    const instance = await startInstance(makeDatabase);
    const viewer = await addUser(instance, "viewer");
    assert.equal((await viewer.get(`${EXPORT}?action=user.*`)).status, 200);
    assert.equal((await viewer.get(`${LIST}?action=user.*`)).status, 200);
    const { key } = (await instance.owner.post("/api/api-keys", { name: "s", access: "sending_access" }))
      .body;
    assert.equal((await new ApiClient(instance.server.url, { key }).get(EXPORT)).status, 403);
    assert.equal((await new ApiClient(instance.server.url).get(EXPORT)).status, 401);
    await instance.remove();
  });
});
