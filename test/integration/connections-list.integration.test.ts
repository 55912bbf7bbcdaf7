import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Store } from "../../src/db/open.ts";
import type { ApiClient } from "../support/api-client.ts";
import { forEachDatabase } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { startTestReceiver } from "../support/receiver.ts";
import { seedConnections } from "../support/seed-connections.ts";
import { type SeededHour, seedHours } from "../support/seed-hours.ts";

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const PATH = "/api/integrations/connections";

forEachDatabase((makeDatabase) => {
  let instance: TestInstance;
  let api: ApiClient;
  let store: Store;
  let workspaceId: string;
  before(async () => {
    instance = await startInstance(makeDatabase);
    api = instance.api;
    store = instance.database.open();
    workspaceId = (await store.db.selectFrom("workspaces").select("id").executeTakeFirstOrThrow()).id;
  });
  after(async () => {
    await store.close();
    await instance.remove();
  });

  const list = async (query: string) => {
    const response = await api.get(`${PATH}?${query}`);
    assert.equal(response.status, 200, response.text);
    return response.body;
  };
  const namesOf = async (query: string) => (await list(query)).data.map(({ name }: { name: string }) => name);
  /** Reads all pages of a list, two connections at a time. */
  const allNames = async (query: string) => {
    const names: string[] = [];
    for (let cursor = ""; ; ) {
      const page = await list(`${query}&limit=2${cursor}`);
      names.push(...page.data.map(({ name }: { name: string }) => name));
      if (!page.has_more) return names;
      cursor = `&cursor=${page.next_cursor}`;
    }
  };

  describe("the list of connections", () => {
    let now: number;
    const ids: Record<string, string> = {};
    before(async () => {
      now = Date.now();
      const failing = { probe_at: now + 30_000, probe_delay_ms: 60_000, health: "unhealthy" } as const;
      const rows = [
        { name: "Idle", last_event_at: now - 2 * DAY, receiver: "zapier" },
        { name: "Fine", event_types: '["order.*","user.created"]' },
        { name: "Failing", ...failing, first_failure_at: now - HOUR },
        { name: "Failing with a backlog", ...failing, first_failure_at: now - 60_000 },
        { name: "Rejects", health: "unhealthy", first_failure_at: now - 2 * HOUR },
        { name: "Held", hold_until: now + HOUR, hold_ms: 2 * HOUR },
        { name: "Gone", status: "paused", paused_reason: "gone", paused_at: now - 5000 },
        {
          name: "Paused",
          status: "paused",
          paused_reason: "manual",
          paused_at: now - HOUR,
          paused_by: "Ada",
        },
        { name: "Disconnected", status: "disconnected", disconnected_at: now - HOUR },
      ] as const;
      const created = await seedConnections(store.db, workspaceId, rows.length, (index) => rows[index] ?? {});
      for (const [index, id] of created.entries()) ids[rows[index]?.name ?? ""] = id;
      await store.db
        .insertInto("pending_counts")
        .values({
          workspace_id: workspaceId,
          connection_id: ids["Failing with a backlog"] ?? "",
          pending: 164,
        })
        .execute();
      const hour = now - (now % HOUR);
      const at = (name: string, delivered: number, failed: number, back = 0): SeededHour => ({
        connectionId: ids[name] ?? "",
        hour: hour - back * HOUR,
        delivered,
        failed,
      });
      await seedHours(store, [
        at("Fine", 8, 2),
        at("Fine", 10, 0, 23),
        at("Fine", 99, 0, 24),
        at("Failing", 0, 3),
        at("Held", 1, 0),
      ]);
    });

    it("omits disconnected ones unless they are requested", async () => {
      assert.ok(!(await namesOf("")).includes("Disconnected"));
      assert.deepEqual(await namesOf("status=disconnected"), ["Disconnected"]);
      assert.deepEqual(await namesOf("state=disconnected"), ["Disconnected"]);
      assert.deepEqual(await namesOf("state=disconnected,idle&sort=name"), ["Disconnected", "Idle"]);
      assert.deepEqual(await namesOf("status=paused&sort=name"), ["Gone", "Paused"]);
    });

    it("shows the state of each, since when, and the next attempt", async () => {
      const byName = new Map(
        (await list("limit=100")).data.map((one: { name: string }) => [one.name, one] as const),
      ) as Map<string, Record<string, unknown>>;
      const described = (name: string) => {
        const { state, state_since, next_attempt_at, pending_count, paused_by } = byName.get(name) ?? {};
        return [state, state_since, next_attempt_at, pending_count, paused_by];
      };
      const iso = (time: number) => new Date(time).toISOString();
      assert.deepEqual(described("Fine"), ["ok", null, null, 0, null]);
      assert.deepEqual(described("Idle"), ["idle", iso(now - 2 * DAY), null, 0, null]);
      assert.deepEqual(described("Failing"), ["failing", iso(now - HOUR), iso(now + 30_000), 0, null]);
      assert.deepEqual(described("Failing with a backlog").slice(3), [164, null]);
      assert.deepEqual(described("Rejects"), ["failing", iso(now - 2 * HOUR), null, 0, null]);
      assert.deepEqual(described("Held"), ["held", iso(now - HOUR), iso(now + HOUR), 0, null]);
      assert.deepEqual(described("Paused"), ["paused", iso(now - HOUR), null, 0, "Ada"]);
    });

    it("filters by states, receiver, event type, text and id", async () => {
      assert.deepEqual(await namesOf("state=failing,held&sort=name"), [
        "Failing",
        "Failing with a backlog",
        "Held",
        "Rejects",
      ]);
      assert.deepEqual(await namesOf("receiver=zapier"), ["Idle"]);
      assert.ok((await namesOf("event_type=order.paid")).includes("Fine"));
      assert.ok(!(await namesOf("event_type=user.deleted")).includes("Fine"));
      assert.ok((await namesOf("event_type=user.*")).includes("Fine"));
      assert.deepEqual(await namesOf("q=BACKLOG"), ["Failing with a backlog"]);
      assert.deepEqual(await namesOf(`q=${ids["Held"]}`), ["Held"]);
      for (const query of ["state=", "state=failing,broken", "sort=size", "include=all"])
        assert.equal((await api.get(`${PATH}?${query}`)).status, 422, query);
    });

    it("sorts by attention, name, volume, success rate and p95, page by page", async () => {
      assert.deepEqual(await allNames("sort=attention"), [
        "Failing with a backlog",
        "Rejects",
        "Failing",
        "Gone",
        "Held",
        "Paused",
        "Fine",
        "Idle",
      ]);
      assert.deepEqual((await allNames("sort=name")).slice(0, 3), [
        "Failing",
        "Failing with a backlog",
        "Fine",
      ]);
      assert.deepEqual((await allNames("sort=volume")).slice(0, 3), ["Fine", "Failing", "Held"]);
      assert.deepEqual((await allNames("sort=success_rate")).slice(0, 3), ["Failing", "Fine", "Held"]);
      assert.equal(new Set(await allNames("sort=p95")).size, 8);
      assert.deepEqual(await allNames("sort=created_at"), [
        "Paused",
        "Gone",
        "Held",
        "Rejects",
        "Failing with a backlog",
        "Failing",
        "Fine",
        "Idle",
      ]);
      assert.deepEqual(await allNames("state=failing"), ["Rejects", "Failing with a backlog", "Failing"]);
    });

    it("refuses cursors of another order, and never fails on invented ones", async () => {
      const { next_cursor: cursor } = await list("sort=name&limit=1");
      const other = await api.get(`${PATH}?sort=volume&cursor=${cursor}`);
      assert.deepEqual([other.status, other.body.code], [400, "invalid_cursor"]);
      for (const key of [["x"], [1.5], [-1e300], []]) {
        const text = JSON.stringify(["connections", "created_at", ...key, ids["Fine"]]);
        const created = await api.get(`${PATH}?cursor=${Buffer.from(text).toString("base64url")}`);
        assert.ok([200, 400].includes(created.status), text);
      }
    });

    it("includes statistics of the last 24 hours on request", async () => {
      const [fine] = (await list("q=Fine&include=stats")).data;
      const { hours, from, to, p95_ms, ...sums } = fine.stats;
      assert.deepEqual(sums, { attempts: 20, delivered: 18, failed: 2, success_rate: 0.9 });
      assert.equal(hours.length, 24);
      assert.equal(hours[0].start, from);
      assert.deepEqual([hours[0].delivered, hours[23].delivered, hours[23].failed], [10, 8, 2]);
      assert.ok(p95_ms > 10 && p95_ms <= 25 && Date.parse(to) >= now);
      const [idle] = (await list("q=Idle&include=stats")).data;
      assert.deepEqual([idle.stats.success_rate, idle.stats.p95_ms], [null, null]);
      assert.equal((await list("q=Fine")).data[0].stats, undefined);
    });

    it("counts connections by state in the catalog", async () => {
      const [entry] = (await api.get("/api/integrations")).body.data;
      assert.deepEqual(entry.connection_counts, {
        failing: 3,
        held: 1,
        paused: 2,
        ok: 1,
        idle: 1,
        disconnected: 1,
      });
      assert.equal(entry.connections_count, 8);
    });

    it("shows connected ones in the catalog and the list although dozens were disconnected later", async () => {
      await seedConnections(store.db, workspaceId, 60, () => ({
        status: "disconnected",
        disconnected_at: now,
        created_at: now + 1000,
      }));
      const [entry] = (await api.get("/api/integrations")).body.data;
      assert.equal(entry.status, "installed");
      assert.equal(entry.connection_counts.disconnected, 61);
      assert.equal((await list("limit=100")).data.length, 8);
      const shown = await api.get("/api/integrations/webhook");
      assert.equal(shown.body.data.status !== "disconnected", true);
    });
  });

  describe("a connection that fails", () => {
    it("explains its failure, with its time and delivery", async () => {
      const receiver = await startTestReceiver();
      receiver.respond = (response) => void response.writeHead(503).end();
      const created = await api.post("/api/integrations/webhook", {
        name: "Nobody there",
        webhook_url: `${receiver.url}/hook`,
      });
      const { id } = created.body.data;
      assert.deepEqual([created.body.data.state, created.body.data.pending_count], ["ok", 0]);
      const tested = await api.post(`${PATH}/${id}/test`, {});
      const { last_error: error, state } = tested.body.connection;
      assert.equal(state, "failing");
      assert.equal(error.code, "http_status");
      assert.equal(error.delivery_id, tested.body.delivery.id);
      assert.deepEqual(error.explanation, tested.body.delivery.explanation);
      assert.ok(Date.now() - Date.parse(error.at) < 60_000);
      const paused = await instance.owner.post(`${PATH}/${id}/pause`);
      const { paused_by: pausedBy, state_since: since } = paused.body.data;
      assert.equal(typeof pausedBy, "string");
      assert.ok(Date.now() - Date.parse(since) < 60_000);
      const resumed = await api.post(`${PATH}/${id}/resume`);
      assert.deepEqual([resumed.body.data.paused_by, resumed.body.data.state], [null, "failing"]);
      const gone = await api.delete(`${PATH}/${id}`);
      assert.equal(gone.body.data.state, "disconnected");
      assert.ok(gone.body.data.state_since !== null);
      const again = await api.patch(`${PATH}/${id}`, { webhook_url: `${receiver.url}/other` });
      assert.deepEqual([again.body.data.state, again.body.data.last_error], ["ok", null]);
      await receiver.close();
    });
  });
});
