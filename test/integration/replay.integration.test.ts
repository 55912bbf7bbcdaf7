import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { sql } from "kysely";
import type { ConnectInput } from "../../src/connections/connect.ts";
import { disconnect } from "../../src/connections/disconnect.ts";
import { pause, resume } from "../../src/connections/pause.ts";
import { sendTestEvent } from "../../src/connections/send-test-event.ts";
import { cancelDelivery } from "../../src/history/change-delivery.ts";
import { ANY_DELIVERY } from "../../src/history/read-filter.ts";
import { endReplay, pauseReplay, resumeReplay } from "../../src/replays/change.ts";
import { countReplayedAttempts } from "../../src/replays/count-replayed-attempts.ts";
import { previewReplay } from "../../src/replays/preview.ts";
import { getReplay } from "../../src/replays/read.ts";
import type { ReplayFilter } from "../../src/replays/replay-row.ts";
import { type ReplayRequest, startReplay } from "../../src/replays/start.ts";
import { stepReplays } from "../../src/replays/step.ts";
import { logPending } from "../../src/statistics/log-entry.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { assertPendingEqualsRecount } from "../support/recount.ts";
import { type Seed, seedDeliveries } from "../support/seed-deliveries.ts";
import { openTestApp, type TestApp } from "../support/test-app.ts";
import { until } from "../support/until.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const EVERYTHING_FAILED: ReplayFilter = { ...ANY_DELIVERY, statuses: ["failed"] };

forEachDatabase((makeDatabase, dialect) => {
  let database: TestDatabase;
  let test: TestApp;
  let receiver: TestReceiver;

  beforeEach(async () => {
    database = await makeDatabase();
    test = await openTestApp(database);
    receiver = await startTestReceiver();
  });
  afterEach(async () => {
    await test.close();
    await receiver.close();
    await database.remove();
  });

  const deps = () => test.context.services.deliveries;
  const db = () => test.context.store.db;
  const actor = () =>
    ({ kind: "system", id: null, name: "Test", workspaceId: test.workspaceId, address: null }) as const;
  const connect = (limits: Partial<ConnectInput["limits"]> = {}, path = "/hook") =>
    test.connect({
      webhookUrl: `${receiver.url}${path}`,
      limits: { ordered: false, concurrency: 10, rateLimitPerMinute: null, ...limits },
    });
  const seed = (connectionId: string, more: Partial<Seed> & { count: number }) =>
    seedDeliveries(db(), {
      workspaceId: test.workspaceId,
      connectionId,
      from: test.clock.now - HOUR,
      responseStatus: 500,
      ...more,
    });
  const start = (
    filter: Partial<ReplayFilter> = {},
    ratePerSecond = 100,
    options: Partial<ReplayRequest> = {},
  ) =>
    startReplay(deps(), actor(), {
      filter: { ...EVERYTHING_FAILED, ...filter },
      ratePerSecond,
      starts: "now",
      healthyOnly: false,
      ...options,
    });
  const read = (id: string) => getReplay(db(), test.workspaceId, id);
  const step = () => stepReplays(deps(), test.clock.now);
  /** Makes deliveries due without waking the worker, so that nothing is sent. */
  const stepAlone = () =>
    stepReplays({ ...deps(), queue: { wake: () => undefined, recall: () => undefined } }, test.clock.now);
  /** Lets a second pass for the replay and the worker. */
  const second = async () => {
    await step();
    await test.context.engine.worker.tick();
    test.clock.now += SECOND;
  };
  const finish = async (id: string) => {
    for (let seconds = 0; seconds < 200; seconds++) {
      const replay = await read(id);
      if (replay.status !== "running") return replay;
      await second();
    }
    return assert.fail("the replay does not end");
  };
  /** Marks a connection as three failures in a row leave it. */
  const makeUnhealthy = (connectionId: string) =>
    db()
      .updateTable("connections")
      .set({ health: "unhealthy", consecutive_failures: 3, first_failure_at: test.clock.now - MINUTE })
      .where("id", "=", connectionId)
      .execute();
  /** Asserts that no delivery belongs to a replay or is due. */
  const assertNothingPending = async () => {
    const held = await db()
      .selectFrom("deliveries")
      .select("id")
      .where((eb) => eb.or([eb("replay_id", "is not", null), eb("next_attempt_at", "is not", null)]))
      .execute();
    assert.deepEqual(held, []);
    await assertPendingEqualsRecount(test.context.store);
  };
  const lockWaits = async () => {
    const { rows } = await sql`select 1 from pg_locks where not granted`.execute(db());
    return rows.length;
  };
  const statuses = async () => {
    const rows = await db()
      .selectFrom("deliveries")
      .select((eb) => ["status", eb.fn.countAll<number>().as("count")])
      .groupBy("status")
      .execute();
    return Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)]));
  };

  it("sends 1,200 failed deliveries again, oldest first, at its rate, once each, with their original ids", async () => {
    const connectionId = await connect();
    const seeded = await seed(connectionId, { count: 1200 });
    const { id, total } = await start();
    assert.equal(total, 1200);
    const ids = () => receiver.received.map(({ headers }) => headers["webhook-id"]);
    for (let seconds = 1; seconds <= 3; seconds++) {
      await second();
      const oldest = seeded.slice(0, 100 * seconds).map(({ eventId }) => eventId);
      assert.deepEqual(ids().toSorted(), oldest.toSorted(), `after ${seconds} s`);
    }
    const { finishedAt, ...ended } = await finish(id);
    assert.notEqual(finishedAt, null);
    const { status, queued, delivered, failed, skipped } = ended;
    assert.deepEqual(
      { status, total: ended.total, queued, delivered, failed, skipped },
      { status: "completed", total: 1200, queued: 1200, delivered: 1200, failed: 0, skipped: 0 },
    );
    assert.equal(ids().length, 1200);
    assert.deepEqual(ids().toSorted(), seeded.map(({ eventId }) => eventId).toSorted());
    assert.deepEqual(await statuses(), { delivered: 1200 });
    const rows = await db()
      .selectFrom("deliveries")
      .innerJoin("attempts", "attempts.delivery_id", "deliveries.id")
      .select([
        "deliveries.replay_id",
        "deliveries.replayed_from",
        "attempts.trigger_kind",
        "attempts.number",
      ])
      .distinct()
      .execute();
    assert.deepEqual(
      rows.map((row) => ({ ...row })),
      [{ replay_id: null, replayed_from: null, trigger_kind: "manual", number: 11 }],
    );
  });

  it("previews the number of deliveries without changing anything", async () => {
    const connectionId = await connect();
    const count = 30;
    await seed(connectionId, { count });
    await seed(connectionId, { count: 3, status: "delivered", responseStatus: 200 });
    const rows = () => db().selectFrom("deliveries").selectAll().orderBy("id").execute();
    const before = await rows();
    const preview = await previewReplay(
      test.context.store,
      test.workspaceId,
      EVERYTHING_FAILED,
      test.clock.now,
    );
    const from = test.clock.now - HOUR;
    const { causes, ...counted } = preview;
    assert.deepEqual(counted, {
      count,
      countIsExact: true,
      oldestAt: from,
      newestAt: from + count - 1,
      troubledCount: 0,
    });
    const cause = { connectionId, connectionName: "Test", errorCode: "http_status", responseStatus: 500 };
    assert.deepEqual(causes, [{ ...cause, count, isTroubled: false }]);
    await second();
    assert.deepEqual(await rows(), before);
    assert.equal(receiver.received.length, 0);
  });

  it("selects by status, connection, type, response and time, and never tests", async () => {
    const [one, two] = [await connect(), await connect()];
    const from = test.clock.now - HOUR;
    await seed(one, { count: 3 });
    await seed(two, { count: 4 });
    await seed(one, { count: 5, type: "order.paid" });
    await seed(one, { count: 6, responseStatus: null });
    await seed(one, { count: 7, status: "delivered", responseStatus: 204 });
    await seed(one, { count: 8, status: "cancelled" });
    await seed(one, { count: 9, from: from + MINUTE });
    await seed(one, { count: 2, trigger: "test" });
    await seed(one, { count: 2, status: "pending", nextAttemptAt: test.clock.now + HOUR });
    const cases: readonly [number, Partial<ReplayFilter>][] = [
      [27, {}],
      [4, { connectionIds: [two] }],
      [5, { eventTypes: ["order.paid"] }],
      [6, { response: "none" }],
      [21, { response: "5xx" }],
      [7, { statuses: ["delivered"], response: "2xx" }],
      [15, { statuses: ["delivered", "cancelled"] }],
      [9, { createdFrom: from + MINUTE }],
      [18, { createdBefore: from + MINUTE }],
      [0, { response: "3xx" }],
    ];
    for (const [expected, filter] of cases) {
      const whole = { ...EVERYTHING_FAILED, ...filter };
      const { count } = await previewReplay(test.context.store, test.workspaceId, whole, test.clock.now);
      assert.equal(count, expected, JSON.stringify(filter));
    }
    const { id } = await start({ eventTypes: ["order.paid"] });
    const ended = await finish(id);
    assert.deepEqual([ended.status, ended.delivered, receiver.received.length], ["completed", 5, 5]);
  });

  it("stops after five failures in a row, and restores the status of deliveries not sent", async () => {
    receiver.respond = (response) => void response.writeHead(500).end();
    const connectionId = await connect();
    const from = test.clock.now - HOUR;
    await seed(connectionId, { count: 20 });
    await seed(connectionId, {
      count: 20,
      status: "delivered",
      responseStatus: 200,
      from: from + MINUTE,
    });
    await seed(connectionId, { count: 20, status: "cancelled", from: from + 2 * MINUTE });
    await makeUnhealthy(connectionId);
    const { id } = await start({ statuses: ["failed", "delivered", "cancelled"] }, 60);
    for (let round = 0; (await read(id)).status === "running"; round++) {
      assert.ok(round < 20, "it does not stop");
      await second();
      test.clock.now += MINUTE;
    }
    const stopped = await read(id);
    assert.deepEqual([stopped.status, stopped.stopReason], ["stopped", "failures"]);
    assert.deepEqual(
      stopped.connections.stopped.map((one) => one.connectionId),
      [connectionId],
    );
    const sent = receiver.received.length;
    assert.equal(sent, 5);
    assert.deepEqual([stopped.failed, stopped.queued, stopped.total], [sent, sent, 60]);
    await second();
    await second();
    assert.equal(receiver.received.length, sent, "nothing is sent after it has stopped");
    assert.deepEqual(await statuses(), { failed: 20, delivered: 20, cancelled: 20 });
    await assertNothingPending();
    const [entry] = await db()
      .selectFrom("audit_entries")
      .select(["actor_kind", "metadata"])
      .where("action", "=", "replay.stopped")
      .execute();
    assert.equal(entry?.actor_kind, "system");
    assert.deepEqual(JSON.parse(entry?.metadata ?? ""), {
      reason: "failures",
      connection_ids: [connectionId],
    });
  });

  it("stops for a failing receiver after few requests, and continues for the others", async () => {
    const [failing, fine] = [await connect({}, "/failing"), await connect({ concurrency: 10 }, "/fine")];
    receiver.respond = (response, { path }) => void response.writeHead(path === "/failing" ? 500 : 200).end();
    await seed(failing, { count: 300 });
    await seed(fine, { count: 300 });
    await makeUnhealthy(failing);
    const { id } = await start();
    for (let round = 0; (await read(id)).status === "running"; round++) {
      assert.ok(round < 60, "it does not end");
      await second();
      test.clock.now += MINUTE;
    }
    const { status, stopReason, delivered, failed } = await read(id);
    assert.deepEqual(
      { status, stopReason, delivered, failed },
      { status: "stopped", stopReason: "failures", delivered: 300, failed: 5 },
    );
    assert.equal(receiver.received.filter(({ path }) => path === "/failing").length, 5);
    assert.deepEqual(await statuses(), { failed: 300, delivered: 300 });
    await assertNothingPending();
  });

  it("waits for a paused connection without a limit, and continues on resume", async () => {
    const [paused, fine] = [await connect({}, "/paused"), await connect({}, "/fine")];
    await seed(paused, { count: 400 });
    await seed(fine, { count: 300 });
    await pause(test.context.services.integrations, actor(), paused);
    const { id } = await start();
    for (let seconds = 0; seconds < 15; seconds++) await second();
    const waiting = await read(id);
    assert.deepEqual([waiting.status, waiting.isWaiting, waiting.delivered], ["running", true, 300]);
    assert.deepEqual(
      waiting.connections.waiting.map((one) => one.connectionId),
      [paused],
    );
    assert.deepEqual(await statuses(), { failed: 400, delivered: 300 });
    await resume(test.context.services.integrations, actor(), paused);
    const ended = await finish(id);
    assert.deepEqual([ended.status, ended.delivered, ended.total], ["completed", 700, 700]);
    assert.equal(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size, 700);
    assert.equal(receiver.received.length, 700);
  });

  it("withdraws the deliveries of a connection that is paused meanwhile, and sends them after the pause", async () => {
    const connectionId = await connect();
    await seed(connectionId, { count: 200 });
    const { id } = await start();
    await stepAlone();
    assert.deepEqual(await statuses(), { failed: 100, pending: 100 });
    await pause(test.context.services.integrations, actor(), connectionId);
    test.clock.now += SECOND;
    await stepAlone();
    assert.deepEqual(await statuses(), { failed: 200 });
    await assertNothingPending();
    await resume(test.context.services.integrations, actor(), connectionId);
    const ended = await finish(id);
    assert.deepEqual([ended.status, ended.delivered], ["completed", 200]);
    assert.equal(receiver.received.length, 200);
  });

  it("optionally starts when the receiver recovers, and waits again when it fails again", async () => {
    const connectionId = await connect();
    await seed(connectionId, { count: 200 });
    await makeUnhealthy(connectionId);
    const { id } = await start({}, 10, { starts: "receiver_recovers" });
    for (let seconds = 0; seconds < 10; seconds++) await second();
    assert.deepEqual([receiver.received.length, (await read(id)).isWaiting], [0, true]);
    await sendTestEvent(test.context.services.integrations, actor(), connectionId);
    const tested = receiver.received.length;
    for (let seconds = 0; seconds < 6; seconds++) await second();
    const begun = receiver.received.length - tested;
    assert.ok(begun > 0, "a test that succeeds is a recovery");
    assert.equal((await read(id)).isWaiting, false);
    receiver.respond = (response) => void response.writeHead(500).end();
    for (let seconds = 0; seconds < 20; seconds++) await second();
    const failing = await read(id);
    assert.deepEqual([failing.status, failing.isWaiting], ["running", true]);
    receiver.respond = (response) => void response.writeHead(200).end();
    await sendTestEvent(test.context.services.integrations, actor(), connectionId);
    const ended = await finish(id);
    assert.equal(ended.status, "completed");
    assert.equal(ended.delivered + ended.failed, 200);
    await assertNothingPending();
  });

  it("optionally skips failing receivers", async () => {
    const [failing, fine] = [await connect({}, "/failing"), await connect({}, "/fine")];
    await seed(failing, { count: 20 });
    await seed(fine, { count: 10 });
    await makeUnhealthy(failing);
    const preview = await previewReplay(
      test.context.store,
      test.workspaceId,
      EVERYTHING_FAILED,
      test.clock.now,
    );
    assert.deepEqual([preview.count, preview.troubledCount], [30, 20]);
    const { id } = await start({}, 100, { healthyOnly: true });
    const { status, delivered, skipped, total } = await finish(id);
    assert.deepEqual(
      { status, delivered, skipped, total },
      { status: "completed", delivered: 10, skipped: 20, total: 30 },
    );
    assert.deepEqual(
      receiver.received.map(({ path }) => path),
      new Array(10).fill("/fine"),
    );
  });

  it("continues if successes come in between", async () => {
    let answered = 0;
    receiver.respond = (response) => void response.writeHead(++answered % 4 === 0 ? 200 : 500).end();
    const connectionId = await connect({ ordered: true });
    await seed(connectionId, { count: 24 });
    const { id } = await start();
    for (let round = 0; (await read(id)).status === "running"; round++) {
      assert.ok(round < 100, "it does not end");
      await second();
      test.clock.now += MINUTE;
    }
    const { status, delivered, failed } = await read(id);
    assert.deepEqual({ status, delivered, failed }, { status: "completed", delivered: 6, failed: 18 });
    assert.deepEqual(await statuses(), { delivered: 6, failed: 18 });
  });

  it("sends nothing while it is paused, and continues on resume", async () => {
    await seed(await connect(), { count: 50 });
    const { id } = await start({}, 10);
    await second();
    assert.equal((await pauseReplay(deps(), actor(), id)).status, "paused");
    for (let seconds = 0; seconds < 10; seconds++) await second();
    const paused = await read(id);
    assert.deepEqual([paused.status, paused.queued, paused.delivered], ["paused", 10, 10]);
    await assert.rejects(pauseReplay(deps(), actor(), id), { code: "replay_state" });
    await resumeReplay(deps(), actor(), id);
    await second();
    assert.equal((await read(id)).queued, 20, "the pause is not made up for");
    const ended = await finish(id);
    assert.deepEqual([ended.status, ended.delivered], ["completed", 50]);
    for (const change of [pauseReplay, resumeReplay, endReplay]) {
      await assert.rejects(change(deps(), actor(), id), { code: "replay_state" });
    }
  });

  it("queues at most 250 deliveries per receiver, and takes all of them back when stopped", async () => {
    const [slow, other] = [await connect(), await connect()];
    await seed(slow, { count: 600 });
    await seed(other, { count: 100, from: test.clock.now - MINUTE });
    const { id } = await start();
    for (let seconds = 0; seconds < 15; seconds++) {
      await stepAlone();
      test.clock.now += SECOND;
    }
    const rows = await db()
      .selectFrom("deliveries")
      .select((eb) => ["connection_id", eb.fn.countAll<number>().as("count")])
      .where("status", "=", "pending")
      .groupBy("connection_id")
      .execute();
    const pending = new Map(rows.map((row) => [row.connection_id, Number(row.count)]));
    assert.deepEqual([pending.get(slow), pending.get(other)], [250, 100]);
    const stopped = await endReplay(deps(), actor(), id);
    assert.deepEqual([stopped.status, stopped.stopReason, stopped.queued], ["stopped", "manual", 0]);
    assert.deepEqual(await statuses(), { failed: 700 });
  });

  it("does not withdraw a delivery whose result is being recorded while it stops", {
    skip: dialect === "sqlite" && "one transaction writes at a time",
  }, async () => {
    const connectionId = await connect();
    await seed(connectionId, { count: 3 });
    const { id } = await start();
    await stepAlone();
    const [recorded] = await db().selectFrom("deliveries").select("id").where("replay_id", "=", id).execute();
    assert.ok(recorded);
    const locked = Promise.withResolvers<void>();
    const isStopping = Promise.withResolvers<void>();
    const recording = db()
      .transaction()
      .execute(async (trx) => {
        const columns = { status: "delivered", next_attempt_at: null } as const;
        await trx.updateTable("deliveries").set(columns).where("id", "=", recorded.id).execute();
        await logPending(trx, [{ workspaceId: test.workspaceId, connectionId, change: -1 }], test.clock.now);
        locked.resolve();
        await isStopping.promise;
        const attempt = { replayId: id, deliveryId: recorded.id, ok: true };
        await countReplayedAttempts(deps(), trx, [attempt], test.clock.now);
      });
    await locked.promise;
    const stopping = endReplay(deps(), actor(), id);
    // Either the replay has stopped, or it waits for the row that is being recorded.
    await until(async () => (await lockWaits()) > 0 || (await read(id)).status === "stopped");
    isStopping.resolve();
    await Promise.all([recording, stopping]);
    assert.deepEqual(await statuses(), { delivered: 1, failed: 2 });
    assert.deepEqual([(await read(id)).queued, (await read(id)).delivered], [1, 1]);
    await assertNothingPending();
  });

  it("withdraws deliveries that a worker has buffered and not sent", async () => {
    const limits = { ordered: false, concurrency: 1, rateLimitPerMinute: null };
    const connectionId = await connect(limits);
    await seed(connectionId, { count: 5 });
    const { id } = await start();
    const held: (() => void)[] = [];
    receiver.respond = (response) => void held.push(() => response.writeHead(200).end());
    await step();
    const done = test.context.engine.worker.tick();
    await until(() => held.length === 1);
    assert.equal((await endReplay(deps(), actor(), id)).queued, 0);
    held[0]?.();
    await done;
    assert.equal(receiver.received.length, 1);
    // The receiver got the delivery in flight, so that one is delivered.
    assert.deepEqual(await statuses(), { delivered: 1, failed: 4 });
    const { next_step_at } = await db()
      .selectFrom("replays")
      .select("next_step_at")
      .executeTakeFirstOrThrow();
    assert.equal(next_step_at, null, "nothing is left to do");
  });

  it("counts one attempt per delivery, even if two processes each record one", async () => {
    const connectionId = await connect();
    const [one] = await seed(connectionId, { count: 2 });
    const { id } = await start();
    await stepAlone();
    const note = () =>
      db()
        .transaction()
        .execute((trx) => {
          const attempt = { replayId: id, deliveryId: one?.id ?? "", ok: true };
          return countReplayedAttempts(deps(), trx, [attempt], test.clock.now);
        });
    assert.deepEqual((await note()).changed, [id]);
    assert.deepEqual((await note()).changed, []);
    assert.equal((await read(id)).delivered, 1);
  });

  it("skips deliveries that cannot be sent, and counts them", async () => {
    const [kept, gone] = [await connect(), await connect()];
    await seed(kept, { count: 5 });
    await seed(kept, { count: 3, data: "" });
    await seed(gone, { count: 4 });
    await disconnect(test.context.services.integrations, actor(), gone);
    const { id } = await start();
    const ended = await finish(id);
    const { total, queued, delivered, skipped } = ended;
    assert.deepEqual(
      { total, queued, delivered, skipped },
      { total: 12, queued: 5, delivered: 5, skipped: 7 },
    );
    assert.equal(receiver.received.length, 5);
  });

  it("completes although some of its deliveries are cancelled", async () => {
    const [one, gone] = [await connect(), await connect()];
    const [first, other] = await seed(one, { count: 2 });
    await seed(gone, { count: 3 });
    const { id } = await start();
    await stepAlone();
    test.clock.now += SECOND;
    await stepAlone();
    assert.equal((await read(id)).status, "running");
    await cancelDelivery(deps(), actor(), first?.id ?? "");
    await cancelDelivery(deps(), actor(), other?.id ?? "");
    await disconnect(test.context.services.integrations, actor(), gone);
    const ended = await finish(id);
    assert.deepEqual([ended.status, ended.total, ended.skipped], ["completed", 5, 5]);
    await assertNothingPending();
  });

  it("ignores deliveries that failed after its start", async () => {
    const connectionId = await connect();
    await seed(connectionId, { count: 10 });
    const { id } = await start({}, 5);
    await second();
    await seed(connectionId, { count: 10, from: test.clock.now });
    const ended = await finish(id);
    assert.deepEqual([ended.total, ended.delivered], [10, 10]);
    assert.deepEqual(await statuses(), { delivered: 10, failed: 10 });
  });

  it("is continued by the next process", async () => {
    await seed(await connect(), { count: 40 });
    const { id } = await start({}, 10);
    await second();
    await step();
    await test.close();
    const { workspaceId, clock } = test;
    test = { ...(await openTestApp(database)), workspaceId };
    test.clock.now = clock.now;
    const ended = await finish(id);
    assert.deepEqual([ended.status, ended.queued, ended.delivered], ["completed", 40, 40]);
    assert.equal(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size, 40);
    assert.equal(receiver.received.length, 40);
  });

  // On SQLite there is one process, and one writer.
  if (dialect === "postgres")
    it("sends nothing twice when two processes step it", async () => {
      await seed(await connect(), { count: 300 });
      const { id } = await start({}, 50);
      const other = await openTestApp(database);
      other.clock.now = test.clock.now;
      for (const app of [test, other, test]) await app.context.engine.worker.heartbeat();
      const otherDeps = other.context.services.deliveries;
      for (let seconds = 1; seconds <= 7; seconds++) {
        await Promise.all([step(), stepReplays(otherDeps, test.clock.now), step()]);
        // Fewer while earlier ones are still being sent, as the number queued per connection is limited.
        assert.ok((await read(id)).queued <= Math.min(300, 50 * seconds));
        await Promise.all([test.context.engine.worker.tick(), other.context.engine.worker.tick()]);
        test.clock.now += SECOND;
        other.clock.now = test.clock.now;
      }
      await other.close();
      await test.context.engine.worker.heartbeat();
      const ended = await finish(id);
      assert.deepEqual([ended.status, ended.queued, ended.delivered], ["completed", 300, 300]);
      assert.equal(receiver.received.length, 300);
    });

  // On SQLite there is one process, and one writer.
  if (dialect === "postgres")
    it("does not send a payload that is being deleted", async () => {
      const [first] = await seed(await connect(), { count: 3 });
      const { id } = await start();
      const other = database.open();
      const commit = Promise.withResolvers<void>();
      const written = Promise.withResolvers<void>();
      const deleting = other.db.transaction().execute(async (trx) => {
        await trx
          .updateTable("events")
          .set({ data: "" })
          .where("id", "=", first?.eventId ?? "")
          .execute();
        written.resolve();
        await commit.promise;
      });
      await written.promise;
      let isStepped = false;
      const stepping = step().finally(() => {
        isStepped = true;
      });
      const isWaiting = async () => {
        const { rows } = await sql`
        select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
          other.db,
        );
        return rows.length > 0;
      };
      while (!isStepped && !(await isWaiting()));
      commit.resolve();
      await Promise.all([deleting, stepping]);
      await other.close();
      await test.context.engine.worker.heartbeat();
      const ended = await finish(id);
      assert.deepEqual([ended.queued, ended.delivered, ended.skipped], [2, 2, 1]);
    });

  describe("a filter", () => {
    it("finds few matches among many other deliveries, slice by slice", async () => {
      const connectionId = await connect();
      const from = test.clock.now - HOUR;
      await seed(connectionId, { count: 12_000, from });
      await seed(connectionId, { count: 3, from: from + MINUTE, type: "order.paid" });
      const filter = { ...EVERYTHING_FAILED, eventTypes: ["order.paid"] };
      const preview = await previewReplay(test.context.store, test.workspaceId, filter, test.clock.now);
      const { count, countIsExact, oldestAt, newestAt } = preview;
      assert.deepEqual([count, countIsExact], [3, true]);
      assert.deepEqual([oldestAt, newestAt], [from + MINUTE, from + MINUTE + 2]);
      const ended = await finish((await start(filter)).id);
      assert.deepEqual([ended.status, ended.total, ended.delivered], ["completed", 3, 3]);
    });
  });
});
