import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { disconnect } from "../../src/connections/disconnect.ts";
import { pause, resume } from "../../src/connections/pause.ts";
import { sendTestEvent } from "../../src/connections/send-test-event.ts";
import { update } from "../../src/connections/update.ts";
import { newId } from "../../src/db/new-id.ts";
import { acceptTest } from "../../src/dispatch/accept-test.ts";
import { OpenSendError } from "../../src/domain/errors.ts";
import { REPLAY_STARTS } from "../../src/domain/replay.ts";
import { causeText } from "../../src/domain/statistics.ts";
import { cancelDelivery, retryDelivery } from "../../src/history/change-delivery.ts";
import { cancelMany, retryPendingMany } from "../../src/history/change-many.ts";
import { ANY_DELIVERY } from "../../src/history/read-filter.ts";
import { endReplay } from "../../src/replays/change.ts";
import { startReplay } from "../../src/replays/start.ts";
import { stepReplays } from "../../src/replays/step.ts";
import { type CountedAttempt, StatisticsEntry } from "../../src/statistics/entry.ts";
import { StatisticsFolder } from "../../src/statistics/fold.ts";
import { logEntry } from "../../src/statistics/log-entry.ts";
import { readStatistics, type StatisticsQuery } from "../../src/statistics/read-statistics.ts";
import { createRandom, pick, type Random } from "../chaos/random.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { assertEqualsRecount } from "../support/recount.ts";
import { assertIssuesEqualRecount } from "../support/recount-issues.ts";
import { openTestApp, type TestApp } from "../support/test-app.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STEPS = 240;

const BULK = {
  action: "deliveries.cancelled",
  target: { kind: "delivery", id: null },
  metadata: {},
} as const;

forEachDatabase((makeDatabase, dialect) => {
  let database: TestDatabase;
  let test: TestApp;
  let receiver: TestReceiver;

  beforeEach(async () => {
    database = await makeDatabase();
    test = await openTestApp(database);
    // In the middle of a minute and an hour, so that attempts end in the same ones.
    test.clock.now += 90 * MINUTE - (test.clock.now % HOUR) + MINUTE / 2;
    receiver = await startTestReceiver();
  });
  afterEach(async () => {
    await test.close();
    await receiver.close();
    await database.remove();
  });

  const db = () => test.context.store.db;
  const actor = () =>
    ({ kind: "system", id: null, name: "Test", workspaceId: test.workspaceId, address: null }) as const;
  const tick = () => test.context.engine.worker.tick();
  const response = (status: number) => {
    receiver.respond = (response) => void response.writeHead(status).end();
  };
  const read = (query: Partial<StatisticsQuery> = {}) =>
    readStatistics(
      { ...test.context.store, now: () => test.clock.now },
      {
        workspaceId: test.workspaceId,
        from: test.clock.now - (test.clock.now % HOUR) - 23 * HOUR,
        to: test.clock.now + 1,
        interval: "hour",
        groupBy: null,
        limit: 20,
        filter: { connectionId: null, eventType: null, outcome: null, cause: null },
        ...query,
      },
    );
  /** Logs attempts as a commit does, and folds them. */
  const log = async (attempts: readonly Partial<CountedAttempt>[]) => {
    const entry = new StatisticsEntry();
    for (const attempt of attempts) {
      entry.addAttempt(test.workspaceId, {
        connectionId: "c",
        deliveryId: "d",
        eventType: "order.paid",
        outcome: "delivered",
        cause: "",
        isEnd: true,
        startedAt: test.clock.now,
        durationMs: 20,
        ...attempt,
      });
    }
    const { store } = test.context;
    await store.transact((trx) => logEntry(store.hot, trx, entry, test.clock.now));
    await test.context.engine.folder.foldAll();
  };

  describe("statistics", () => {
    /** Does a random action that affects deliveries; refused ones change nothing. */
    const act = async (random: Random, connections: readonly string[]) => {
      const deps = test.context.services.deliveries;
      const integrations = test.context.services.integrations;
      const connection = pick(random, connections);
      const deliveries = await db().selectFrom("deliveries").select("id").orderBy("id").execute();
      const delivery = deliveries[Math.floor(random() * deliveries.length)]?.id ?? "";
      const accept = () => test.accept({ type: pick(random, ["order.paid", "order.late", "user.created"]) });
      const filter = { ...ANY_DELIVERY, statuses: ["failed", "cancelled", "delivered"] as const };
      const replays = async () => {
        const rows = await db().selectFrom("replays").select("id").where("status", "=", "running").execute();
        return rows.map(({ id }) => id);
      };
      const actions: readonly (() => unknown)[] = [
        accept,
        accept,
        accept,
        tick,
        tick,
        () => response(pick(random, [200, 200, 404, 410, 500, 503])),
        () => {
          test.clock.now += pick(random, [SECOND, MINUTE, 20 * MINUTE, 10 * HOUR]);
        },
        () => cancelDelivery(deps, actor(), delivery),
        () => retryDelivery(deps, actor(), delivery),
        () => cancelMany(deps, actor(), { ...ANY_DELIVERY, ids: [delivery] }, BULK),
        () => cancelMany(deps, actor(), { ...ANY_DELIVERY, errorCodes: ["http_status"] }, BULK),
        () => {
          const queue = { ...ANY_DELIVERY, connectionIds: [connection], statuses: ["pending"] as const };
          return cancelMany(deps, actor(), queue, BULK);
        },
        () =>
          retryPendingMany(
            deps,
            actor(),
            { ...ANY_DELIVERY, ids: deliveries.map(({ id }) => id) },
            { ...BULK, action: "deliveries.retried" },
          ),
        () =>
          startReplay(deps, actor(), {
            filter,
            ratePerSecond: 5,
            starts: pick(random, REPLAY_STARTS),
            healthyOnly: random() < 0.2,
          }),
        () => stepReplays(deps, test.clock.now),
        async () => endReplay(deps, actor(), (await replays())[0] ?? ""),
        () => pause(integrations, actor(), connection),
        () => resume(integrations, actor(), connection),
        () => disconnect(integrations, actor(), connection),
        () => update(integrations, actor(), connection, { webhookUrl: `${receiver.url}/again` }),
        () => sendTestEvent(integrations, actor(), connection),
        () => test.context.engine.folder.foldAll(),
        () => cancelInFlight(accept),
        // A test whose process ended before sending it.
        () =>
          test.context.store.transact((trx) =>
            acceptTest(
              trx,
              testEvent(connection),
              { deliveryId: newId(), timeoutMs: 15_000 },
              test.clock.now,
            ),
          ),
      ];
      try {
        await pick(random, actions)();
      } catch (error) {
        if (!(error instanceof OpenSendError)) throw error;
      }
    };

    const testEvent = (connectionId: string) =>
      ({ workspaceId: test.workspaceId, connectionId, type: "integration.test", dataJson: "{}" }) as const;

    /** Cancels deliveries while their request is in flight, and lets the request succeed. */
    const cancelInFlight = async (accept: () => Promise<string>) => {
      const { respond: before } = receiver;
      const pendingResponses: (() => void)[] = [];
      receiver.respond = (response) => void pendingResponses.push(() => response.writeHead(200).end());
      const eventId = await accept();
      const done = tick();
      const rows = await db().selectFrom("deliveries").select("id").where("event_id", "=", eventId).execute();
      for (const { id } of rows) await cancelDelivery(test.context.services.deliveries, actor(), id);
      receiver.respond = before;
      const release = setInterval(() => {
        for (const one of pendingResponses.splice(0)) one();
      }, 5);
      await done;
      clearInterval(release);
    };

    for (const seed of [1, 2, 3]) {
      it(`equal a recount of the rows after random actions (seed ${seed})`, {
        timeout: 120_000,
      }, async () => {
        const random = createRandom(seed);
        const connections = [
          await test.connect({ webhookUrl: `${receiver.url}/all`, eventTypes: ["*", "delivery.failed"] }),
          await test.connect({
            webhookUrl: `${receiver.url}/orders`,
            eventTypes: ["order.*", "integration.*"],
          }),
          await test.connect({ webhookUrl: `${receiver.url}/users`, eventTypes: ["user.created"] }),
        ];
        for (let step = 0; step < STEPS; step++) {
          // Keeps attempts ending in the order in which they start, even if a busy machine takes seconds for one.
          test.clock.now += 10 * SECOND;
          await act(random, connections);
          if (step % 40 !== 39) continue;
          await assertEqualsRecount(test.context.store);
          await assertIssuesEqualRecount(test.context.store);
        }
      });
    }

    it("count delivered, retried and failed attempts, and their duration", async () => {
      await test.connect({ webhookUrl: `${receiver.url}/hook` });
      await test.accept({ type: "order.paid" });
      await tick();
      response(500);
      const id = await test.accept({ type: "order.paid" });
      await tick();
      await db().updateTable("deliveries").set({ attempt_count: 100 }).where("event_id", "=", id).execute();
      test.clock.now += DAY;
      await tick();
      await test.context.engine.folder.foldAll();
      const { series, isExact } = await read({ from: test.clock.now - (test.clock.now % HOUR) - 2 * DAY });
      const { p50Ms, p95Ms, ...total } = series[0]?.total ?? assert.fail("there is no series");
      assert.deepEqual(total, { attempts: 3, delivered: 1, failed: 1, retried: 1, events: 2 });
      assert.equal(typeof p50Ms, "number");
      assert.ok((p95Ms ?? 0) >= (p50Ms ?? 0));
      assert.equal(isExact, true);
    });

    it("exclude tests", async () => {
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
      await sendTestEvent(test.context.services.integrations, actor(), id);
      await test.context.engine.folder.foldAll();
      const { attempts, events } = (await read()).series[0]?.total ?? assert.fail("there is no series");
      assert.deepEqual([attempts, events], [0, 0]);
    });

    it("include the time up to which they are complete", async () => {
      await test.connect({ webhookUrl: `${receiver.url}/hook` });
      const acceptedAt = test.clock.now;
      await test.accept({ type: "order.paid" });
      test.clock.now += 3 * SECOND;
      assert.equal((await read()).asOf, acceptedAt);
      await test.context.engine.folder.foldAll();
      assert.equal((await read()).asOf, test.clock.now);
    });
  });

  describe("folding", () => {
    // In one thread, one writer would block the other forever.
    const skip = dialect === "sqlite" && "one process has it to itself";
    it("is shared by several processes, and counts nothing twice", { skip }, async () => {
      await test.connect({ webhookUrl: `${receiver.url}/hook` });
      const second = database.open();
      const folders = [new StatisticsFolder(test.context.store), new StatisticsFolder(second)];
      for (let round = 0; round < 10; round++) {
        const folding = folders.map((folder) => folder.foldAll());
        for (let count = 0; count < 20; count++) await test.accept({ type: `n.${count % 3}` });
        await tick();
        await Promise.all(folding);
      }
      await assertEqualsRecount(test.context.store);
      assert.equal((await read()).series[0]?.total.delivered, 200);
      await second.close();
    });

    it("keeps the log entries of a failed transaction", async () => {
      await test.connect({ webhookUrl: `${receiver.url}/hook` });
      await test.accept({ type: "order.paid" });
      const { store } = test.context;
      const transact: typeof store.transact = (work) =>
        store.transact(async (trx) => {
          await work(trx);
          throw new Error("the process ends before the commit");
        });
      await assert.rejects(new StatisticsFolder({ ...store, transact }).foldAll(), /ends before/);
      await assertEqualsRecount(store);
    });

    it("opens no transaction when nothing is logged", async () => {
      const { store } = test.context;
      const transact = () => assert.fail("a transaction was opened");
      await new StatisticsFolder({ ...store, transact }).foldAll();
    });
  });

  describe("groups beyond the limit of an interval", () => {
    const types = (count: number, from = 0) =>
      Array.from({ length: count }, (_, index) => ({ eventType: `t.${from + index}` }));
    const stored = async (view: "event_type" | "all" | "connection", interval: 60 | 3600) => {
      const rows = await db()
        .selectFrom("statistics")
        .select(["connection_id", "event_type", "cause", "attempts"])
        .where("view", "=", view)
        .where("interval_seconds", "=", interval)
        .execute();
      return rows;
    };

    it("are added up as other, smallest first, and stay in the total", async () => {
      await log([...types(150), { eventType: "t.big" }, { eventType: "t.big" }]);
      await log([...types(60, 200), { eventType: "big.too" }, { eventType: "big.too" }]);
      await log([...types(5, 200), ...types(1, 999)]);
      const rows = await stored("event_type", 60);
      const named = rows.filter(({ event_type: type }) => type !== "*");
      assert.equal(named.length, 200);
      assert.ok(named.some(({ event_type: type }) => type === "big.too"));
      const sum = (of: typeof rows) => of.reduce((total, { attempts }) => total + attempts, 0);
      assert.equal(sum(rows), 152 + 62 + 6);
      const { series, isExact } = await read({ groupBy: "event_type", limit: 10 });
      assert.equal(series.length, 11);
      assert.equal(series.at(-1)?.isOther, true);
      assert.equal(
        series.reduce((total, one) => total + one.total.attempts, 0),
        220,
      );
      assert.equal(isExact, true, "nothing is missing in what all of them come to");
    });

    it("make a filtered result inexact", async () => {
      await log(types(300));
      const filter = { connectionId: null, outcome: null, cause: null };
      assert.equal((await read({ filter: { ...filter, eventType: "t.*" } })).isExact, false);
      const onlyOne = { connectionId: "c", eventType: null, outcome: null, cause: null };
      assert.equal((await read({ filter: onlyOne })).isExact, true);
    });

    it("include combinations per hour, and causes per connection", async () => {
      const host = "hooks.example.com";
      const cause = (status: number) => causeText({ errorCode: "http_status", responseStatus: status, host });
      const failed = (connectionId: string, status: number) =>
        ({ connectionId, outcome: "retrying", isEnd: false, cause: cause(status) }) as const;
      await log(Array.from({ length: 30 }, (_, index) => failed("c1", 400 + index)));
      await log([{ connectionId: "c1" }, failed("c2", 400), failed("c1", 400), failed("c1", 429)]);
      const own = (await stored("connection", 3600)).filter((row) => row.connection_id === "c1");
      assert.equal(own.length, 22, "20 causes, the others, and what was delivered");
      assert.equal(own.find((row) => row.cause === "*")?.attempts, 11);
      const { series } = await read({
        filter: { connectionId: "c1", eventType: null, outcome: null, cause: null },
      });
      assert.deepEqual([series[0]?.total.attempts, series[0]?.total.delivered], [33, 1]);
      await log(Array.from({ length: 1200 }, (_, index) => ({ connectionId: `n${index}` })));
      const all = await stored("all", 3600);
      assert.equal(all.filter((row) => row.connection_id !== "*").length, 1000);
      assert.equal((await stored("all", 60)).length, 0);
      const minutes = await stored("connection", 60);
      const named = minutes.filter((row) => row.connection_id !== "*");
      assert.equal(named.length, 1000);
      assert.equal(
        (await stored("connection", 3600)).filter((row) => row.connection_id.startsWith("n")).length,
        1200,
      );
    });
  });

  it("keeps minutes for 48 hours, and hours for the status days", async () => {
    const age = async (interval: 60 | 3600) => {
      const rows = await db()
        .selectFrom("statistics")
        .select("start")
        .where("view", "=", "total")
        .where("interval_seconds", "=", interval)
        .orderBy("start")
        .execute();
      return rows.map(({ start }) => Math.round((test.clock.now - start) / DAY));
    };
    const { now } = test.clock;
    await log([100, 80, 3, 1].map((days) => ({ startedAt: now - days * DAY, durationMs: 0 })));
    assert.deepEqual(
      [await age(60), await age(3600)],
      [
        [100, 80, 3, 1],
        [100, 80, 3, 1],
      ],
    );
    while (await test.context.engine.retention.step(now));
    assert.deepEqual([await age(60), await age(3600)], [[1], [80, 3, 1]]);
    await log(Array.from({ length: 700 }, (_, index) => ({ startedAt: now - 90 * DAY - index * HOUR })));
    while (await test.context.engine.retention.step(now));
    assert.deepEqual(await age(3600), [80, 3, 1], "more than one step deletes");
  });
});
