import assert from "node:assert/strict";
import { afterEach, beforeEach, it } from "node:test";
import { newId } from "../../src/db/new-id.ts";
import type { ApiResponse } from "../support/api-client.ts";
import { checkResponse } from "../support/check-response.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { assertPendingEqualsRecount } from "../support/recount.ts";
import { type Seed, seedDeliveries } from "../support/seed-deliveries.ts";
import { type ServedApp, serveTestApp } from "../support/served-app.ts";

const HOUR = 60 * 60 * 1000;
const RETRY = "/api/deliveries/retry";
const PENDING = "/api/deliveries/retry-pending";
const CANCEL = "/api/deliveries/cancel";
const CLEAR = "/api/integrations/connections/{id}/clear-queue";

forEachDatabase((makeDatabase) => {
  let database: TestDatabase;
  let app: ServedApp;
  let receiver: TestReceiver;
  let connectionId: string;

  beforeEach(async () => {
    database = await makeDatabase();
    app = await serveTestApp(database);
    receiver = await startTestReceiver();
    connectionId = await app.connect({ webhookUrl: `${receiver.url}/hook` });
  });
  afterEach(async () => {
    await app.close();
    await receiver.close();
    await database.remove();
  });

  const seed = (more: Partial<Seed>) =>
    seedDeliveries(app.context.store.db, {
      workspaceId: app.workspaceId,
      connectionId,
      count: 1,
      from: app.clock.now - HOUR,
      responseStatus: 500,
      ...more,
    });
  const waiting = (count: number) =>
    seed({ count, status: "pending", nextAttemptAt: app.clock.now + 4 * HOUR });
  const ids = (...seeded: (readonly { id: string }[])[]) => seeded.flat().map(({ id }) => id);
  const statuses = async () => {
    const rows = await app.context.store.db
      .selectFrom("deliveries")
      .select((eb) => ["status", eb.fn.countAll<number>().as("count")])
      .groupBy("status")
      .execute();
    return Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)]));
  };
  const entries = async (action: string) => {
    const rows = await app.context.store.db
      .selectFrom("audit_entries")
      .select(["target_kind", "target_id", "metadata"])
      .where("action", "=", action)
      .execute();
    return rows.map((row) => ({ ...row, metadata: JSON.parse(row.metadata) as object }));
  };
  const refused = (response: ApiResponse, status: number, code: string) =>
    assert.deepEqual([response.status, response.body.code], [status, code], response.text);

  it("cancels the chosen deliveries that can be cancelled, and counts them in one audit entry", async () => {
    const [failed, pending] = [await seed({ count: 350 }), await waiting(150)];
    const others = ids(
      await seed({ status: "delivered", responseStatus: 200 }),
      await seed({ trigger: "test", status: "pending", nextAttemptAt: app.clock.now + HOUR }),
    );
    const response = await app.api.post(CANCEL, { ids: [...ids(failed, pending), ...others, newId()] });
    checkResponse("POST", CANCEL, response);
    assert.deepEqual(response.body, { object: "cancelled_deliveries", cancelled: 500, has_more: false });
    assert.deepEqual(await statuses(), { cancelled: 500, delivered: 1, pending: 1 });
    await assertPendingEqualsRecount(app.context.store);
    assert.deepEqual(await entries("deliveries.cancelled"), [
      { target_kind: "delivery", target_id: null, metadata: { filter: { ids: 503 }, cancelled: 500 } },
    ]);
    const again = await app.api.post(CANCEL, { ids: ids(failed) });
    assert.equal(again.body.cancelled, 0);
  });

  it("cancels the pending deliveries of a filter, or failed ones on request", async () => {
    const other = await app.connect({ webhookUrl: `${receiver.url}/other` });
    await waiting(20);
    await seed({ count: 30, responseStatus: 401 });
    await seed({ count: 40, responseStatus: 401, connectionId: other });
    const pending = await app.api.post(CANCEL, { filter: { connection_id: connectionId } });
    assert.equal(pending.body.cancelled, 20);
    const failed = await app.api.post(CANCEL, {
      filter: { status: ["failed"], connection_id: connectionId, response_status: "401" },
    });
    assert.equal(failed.body.cancelled, 30);
    assert.deepEqual(await statuses(), { cancelled: 50, failed: 40 });
    await assertPendingEqualsRecount(app.context.store);
  });

  it("clears the queue of a connection, even if it is disconnected or paused as gone", async () => {
    const other = await app.connect({ webhookUrl: `${receiver.url}/other` });
    await seed({ count: 3, status: "pending", connectionId: other });
    for (const status of ["paused", "disconnected"] as const) {
      await seed({ count: 450, status: "pending", from: app.clock.now - 30 * 24 * HOUR });
      await app.context.store.db
        .updateTable("connections")
        .set({ status, paused_reason: status === "paused" ? "gone" : null })
        .where("id", "=", connectionId)
        .execute();
      const path = `/api/integrations/connections/${connectionId}/clear-queue`;
      const response = await app.api.post(path);
      checkResponse("POST", CLEAR, response);
      assert.deepEqual(response.body, { object: "cancelled_deliveries", cancelled: 450, has_more: false });
      assert.equal((await app.api.post(path)).body.cancelled, 0);
    }
    assert.deepEqual(await statuses(), { cancelled: 900, pending: 3 });
    await assertPendingEqualsRecount(app.context.store);
    const audited = await entries("connection.queue_cleared");
    assert.deepEqual(audited, [
      { target_kind: "connection", target_id: connectionId, metadata: { name: "Test", cancelled: 450 } },
      { target_kind: "connection", target_id: connectionId, metadata: { name: "Test", cancelled: 450 } },
    ]);
    const unknown = await app.api.post(`/api/integrations/connections/${newId()}/clear-queue`);
    refused(unknown, 404, "not_found");
  });

  it("retries chosen deliveries: ended ones in a replay, pending ones immediately", async () => {
    const [failed, cancelled, pending] = [
      await seed({ count: 3 }),
      await seed({ count: 2, status: "cancelled" }),
      await waiting(4),
    ];
    const response = await app.api.post(RETRY, { ids: ids(failed, cancelled, pending) });
    checkResponse("POST", RETRY, response);
    assert.equal(response.status, 202, response.text);
    const { data, brought_forward } = response.body;
    assert.deepEqual([data.total, data.filter.ids_count, brought_forward], [5, 9, 4]);
    assert.equal(response.headers.get("location"), `/api/deliveries/replays/${data.id}`);
    const due = await app.api.get(`/api/deliveries/${pending[0]?.id}`);
    assert.deepEqual([due.body.data.trigger, due.body.data.status], ["manual", "pending"]);
    const queued = await app.api.post(RETRY, {
      filter: { connection_id: connectionId, error_code: "http_status" },
    });
    checkResponse("POST", RETRY, queued);
    assert.equal(queued.body.data.filter.error_code, "http_status");
  });

  it("retries the pending deliveries of a filter, except those in strict order", async () => {
    const other = await app.connect({ webhookUrl: `${receiver.url}/other` });
    const ordered = await app.connect({
      webhookUrl: `${receiver.url}/ordered`,
      limits: { ordered: true, concurrency: 1, rateLimitPerMinute: null },
    });
    await waiting(450);
    const later = { count: 2, status: "pending", nextAttemptAt: app.clock.now + 4 * HOUR } as const;
    await seed({ ...later, connectionId: other });
    await seed({ ...later, connectionId: ordered });
    await seed({ count: 3 });
    app.clock.now += 1;
    const response = await app.api.post(PENDING, { filter: { connection_id: `${connectionId},${ordered}` } });
    checkResponse("POST", PENDING, response);
    assert.deepEqual(response.body, { object: "retried_deliveries", retried: 450, has_more: false });
    assert.equal((await statuses())["failed"], 3, "what has ended stays as it is");
    const rows = await app.context.store.db
      .selectFrom("deliveries")
      .select("connection_id")
      .where("trigger_kind", "=", "manual")
      .execute();
    assert.deepEqual([...new Set(rows.map((row) => row.connection_id))], [connectionId]);
    const [entry] = await entries("deliveries.retried");
    assert.equal((entry?.metadata as { retried?: number } | undefined)?.retried, 450);
    assert.equal((await app.api.post(PENDING, { filter: { connection_id: connectionId } })).body.retried, 0);
  });

  it("requires either ids or a filter, and ignores deliveries of other workspaces", async () => {
    const [one] = await seed({});
    const both = { ids: [one?.id], filter: {} };
    for (const path of [RETRY, PENDING, CANCEL]) {
      const none = await app.api.post(path, { ids: [] });
      assert.deepEqual(none.body.errors, [{ path: "ids", message: "Name at least one delivery." }]);
      for (const body of [{}, both, { ids: [] }, { ids: ["x"] }, { filter: { q: "x" } }]) {
        const response = await app.api.post(path, body);
        checkResponse("POST", path, response);
        refused(response, 422, "validation_failed");
      }
    }
    const { key } = await app.makeKey(await app.makeWorkspace());
    const unknown = await fetch(`${app.url}${CANCEL}`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ ids: [one?.id] }),
    });
    assert.equal(((await unknown.json()) as { cancelled: number }).cancelled, 0);
    assert.deepEqual(await statuses(), { failed: 1 });
  });
});
