import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { System, Worker } from "../../api/types.ts";
import { isDelivering, processName, systemSummary } from "./system-words.ts";

const worker = (is_silent: boolean, pid = 7): Worker => ({
  id: `01992f00-0000-7000-8000-00000000000${pid}`,
  host: "host-of-acme",
  pid,
  version: "0.1.0",
  started_at: "2026-06-06T07:00:00.000Z",
  heartbeat_at: "2026-06-06T08:00:00.000Z",
  is_silent,
});

const system: System = {
  version: "0.1.0",
  node_version: "v24.0.0",
  started_at: "2026-06-06T07:00:00.000Z",
  database: { kind: "sqlite", reachable: true, schema: 6, size_bytes: 4_200_000, listening: null },
  queue: { pending: 1204, oldest_due_at: null },
  workers: [worker(false), worker(true, 8)],
  encryption_key: { source: "data_folder", previous_keys: 1 },
  egress: { proxy: false, allowed_ranges: 2, loopback_allowed: true },
  retention: { last_pass_at: null },
};

describe("the state of the system", () => {
  it("counts as delivering while any worker sends heartbeats", () => {
    assert.equal(isDelivering(system), true);
    assert.equal(isDelivering({ workers: [worker(true)] }), false);
    assert.equal(isDelivering({ workers: [] }), false);
    assert.equal(isDelivering({ workers: null }), null);
  });

  it("is summarized as lines of text, without host names", () => {
    const text = systemSummary(system, new Date("2026-06-06T08:00:01.000Z"));
    assert.equal(
      text,
      [
        "OpenSend 0.1.0, Node v24.0.0, started 2026-06-06T07:00:00.000Z",
        "Read at 2026-06-06T08:00:01.000Z",
        "Database: SQLite, embedded, reachable, schema 6, 4.2 MB",
        "Delivery: working",
        "Queue: 1,204 pending, oldest due none",
        "Worker: 0.1.0, process 7, last heartbeat 2026-06-06T08:00:00.000Z",
        "Worker: 0.1.0, process 8, last heartbeat 2026-06-06T08:00:00.000Z, silent",
        "Encryption key: Created for development, in the data folder, previous keys 1",
        "Outbound: proxy no, allowed ranges 2, loopback allowed",
        "Last cleanup: not yet since startup",
      ].join("\n"),
    );
  });

  it("distinguishes workers only if their host name and process id are the same", () => {
    const one = { ...worker(false), id: "01992f00-0000-7000-8000-0000000abc11" };
    const other = { ...worker(false), id: "01992f00-0000-7000-8000-0000000abc22" };
    const all = [one, other, worker(false, 8)];
    assert.deepEqual(
      all.map((each) => processName(each, all)),
      ["7 (…0abc11)", "7 (…0abc22)", "8"],
    );
    assert.equal(processName(one, [one]), "7");
    const elsewhere = { ...other, host: "another" };
    assert.equal(processName(one, [one, elsewhere]), "7");
  });

  it("includes a database that does not respond", () => {
    const away = {
      ...system,
      database: { kind: "postgres", reachable: false, schema: null, size_bytes: null, listening: false },
      queue: null,
      workers: null,
    } as const;
    const text = systemSummary(away, new Date(0));
    assert.match(text, /^Database: PostgreSQL, not reachable$/m);
    assert.match(text, /^Delivery: unknown$/m);
    assert.doesNotMatch(text, /Queue|Worker/);
  });
});
