import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { readDeliveryStats } from "../../src/connections/delivery-stats.ts";
import { sendTestEvent } from "../../src/connections/send-test-event.ts";
import { newId } from "../../src/db/new-id.ts";
import { type Page, type Position, ROWS_LOOKED_AT_MAX } from "../../src/db/paging.ts";
import { cancelDelivery, retryDelivery } from "../../src/history/change-delivery.ts";
import { getEvent } from "../../src/history/get-event.ts";
import { listEvents } from "../../src/history/list-events.ts";
import { getDelivery, listDeliveries } from "../../src/history/read-deliveries.ts";
import { ANY_DELIVERY, type DeliveryFilter } from "../../src/history/read-filter.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { type Seed, seedDeliveries } from "../support/seed-deliveries.ts";
import { seedHours } from "../support/seed-hours.ts";
import { openTestApp, type TestApp } from "../support/test-app.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const EVERYTHING = ANY_DELIVERY;

forEachDatabase((makeDatabase) => {
  let database: TestDatabase;
  let test: TestApp;
  let receiver: TestReceiver;
  let connectionId: string;
  let from: number;

  beforeEach(async () => {
    database = await makeDatabase();
    test = await openTestApp(database);
    receiver = await startTestReceiver();
    connectionId = await test.connect({ webhookUrl: `${receiver.url}/hook` });
    from = test.clock.now - HOUR;
  });
  afterEach(async () => {
    await test.close();
    await receiver.close();
    await database.remove();
  });

  const db = () => test.context.store.db;
  const deps = () => test.context.services.deliveries;
  const actor = () =>
    ({ kind: "system", id: null, name: "Test", workspaceId: test.workspaceId, address: null }) as const;
  const seed = (more: Partial<Seed> & { count: number }) =>
    seedDeliveries(db(), { workspaceId: test.workspaceId, connectionId, from, responseStatus: 500, ...more });
  const seedOne = async (more: Partial<Seed>) => {
    const [only] = await seed({ count: 1, ...more });
    assert.ok(only);
    return only;
  };
  const list = (
    filter: Partial<DeliveryFilter>,
    limit = 50,
    after: Position | null = null,
    direction: "asc" | "desc" = "desc",
  ) =>
    listDeliveries(
      test.context.store,
      test.workspaceId,
      { ...EVERYTHING, ...filter },
      { limit, after, direction },
    );
  /** Reads all pages, and returns the ids of each. */
  const walk = async <Row extends { id: string; createdAt: number }>(
    readPage: (after: Position | null) => Promise<Page<Row>>,
    between: () => Promise<unknown> = async () => undefined,
  ) => {
    const pages: string[][] = [];
    let after: Position | null = null;
    for (;;) {
      const page: Page<Row> = await readPage(after);
      pages.push(page.rows.map(({ id }) => id));
      const last: Position | undefined = page.stoppedAt ?? page.rows.at(-1);
      if (!page.hasMore) return pages;
      assert.ok(last);
      after = last;
      await between();
    }
  };
  const newestFirst = (seeded: readonly { id: string }[]) => seeded.map(({ id }) => id).toReversed();

  describe("deliveries", () => {
    it("can be filtered by response and by time", async () => {
      const byResponse = {
        "2xx": await seed({ count: 3, status: "delivered", responseStatus: 204 }),
        "3xx": await seed({ count: 2, responseStatus: 302 }),
        "4xx": await seed({ count: 4, responseStatus: 410 }),
        "5xx": await seed({ count: 5, from: from + MINUTE }),
        none: await seed({ count: 6, responseStatus: null }),
      };
      await seedDeliveries(db(), {
        workspaceId: test.workspaceId,
        connectionId,
        from,
        count: 7,
        status: "pending",
      });
      const sorted = (ids: readonly { id: string }[]) => ids.map(({ id }) => id).toSorted();
      for (const response of ["2xx", "3xx", "4xx", "5xx", "none"] as const) {
        assert.deepEqual(sorted((await list({ response })).rows), sorted(byResponse[response]), response);
      }
      assert.deepEqual(sorted((await list({ createdFrom: from + MINUTE })).rows), sorted(byResponse["5xx"]));
      const early = await list({ createdBefore: from + 1, statuses: ["failed"] });
      assert.equal(early.rows.length, 3, "the first of each kind that failed");
      const none = await list({ createdFrom: from + MINUTE, createdBefore: from + MINUTE });
      assert.deepEqual([none.rows, none.hasMore], [[], false]);
    });

    it("of an event can be filtered too", async () => {
      const other = await test.connect({ webhookUrl: `${receiver.url}/other` });
      const eventId = await test.accept({ type: "a.b" });
      await test.context.engine.worker.tick();
      const of = async (filter: Partial<DeliveryFilter>) => {
        return (await list({ eventId, ...filter })).rows;
      };
      assert.equal((await of({})).length, 2);
      assert.deepEqual(
        (await of({ connectionIds: [other] })).map((row) => row.connectionId),
        [other],
      );
      assert.equal((await of({ response: "2xx" })).length, 2);
      assert.equal((await of({ response: "5xx" })).length, 0);
      assert.equal((await of({ createdFrom: test.clock.now + 1 })).length, 0);
      assert.deepEqual(
        (
          await listDeliveries(
            test.context.store,
            newId(),
            { ...EVERYTHING, eventId },
            { limit: 50, after: null, direction: "desc" },
          )
        ).rows,
        [],
        "of another workspace",
      );
    });

    it("of another workspace are not listed, and do not count as a further page", async () => {
      await seed({ count: 3 });
      const page = { limit: 1, after: null, direction: "desc" } as const;
      const filter = { ...EVERYTHING, connectionIds: [connectionId] };
      const { store } = test.context;
      assert.equal((await listDeliveries(store, test.workspaceId, filter, page)).rows.length, 1);
      const { rows, hasMore } = await listDeliveries(store, newId(), filter, page);
      assert.deepEqual([rows, hasMore], [[], false]);
    });

    it("are paged without gaps or duplicates while others arrive, with every filter", async () => {
      const failed = await seed({ count: 120 });
      const answered = await seed({
        count: 80,
        status: "delivered",
        responseStatus: 200,
        type: "order.paid",
      });
      // Many in the same millisecond: only the id orders them.
      const tied: { id: string }[] = [];
      for (let index = 0; index < 30; index++) {
        tied.push(await seedOne({ from: from - 1, type: "tied.type" }));
      }
      const arrive = () => seed({ count: 5, from: test.clock.now });
      const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).toSorted();
      const cases: readonly [Partial<DeliveryFilter>, readonly { id: string }[]][] = [
        [{}, [...failed, ...answered, ...tied]],
        [{ statuses: ["failed"] }, [...failed, ...tied]],
        [{ connectionIds: [connectionId] }, [...failed, ...answered, ...tied]],
        [{ connectionIds: [connectionId], statuses: ["failed"] }, [...failed, ...tied]],
        [{ eventTypes: ["order.paid"] }, answered],
        [{ eventTypes: ["tied.type"] }, tied],
        [{ response: "2xx", connectionIds: [connectionId] }, answered],
      ];
      for (const [filter, expected] of cases) {
        const pages = await walk(
          (after) => list({ ...filter, createdBefore: test.clock.now }, 7, after),
          arrive,
        );
        assert.deepEqual(pages.flat().toSorted(), ids(expected), JSON.stringify(filter));
        const unbounded = await walk((after) => list(filter, 7, after), arrive);
        const old = unbounded.flat().filter((id) => expected.some((row) => row.id === id));
        assert.deepEqual(old.toSorted(), ids(expected), "with those that arrive before the first page");
        assert.equal(new Set(unbounded.flat()).size, unbounded.flat().length);
      }
    });

    it("are searched in limited slices: a page says how far it looked, and the next continues there", async () => {
      await seed({ count: 3, status: "delivered", responseStatus: 202 });
      await seed({
        count: ROWS_LOOKED_AT_MAX + 500,
        from: from + MINUTE,
        status: "delivered",
        responseStatus: 200,
      });
      const first = await list({ responseStatuses: [202] });
      assert.deepEqual([first.rows, first.hasMore, first.searched?.isComplete], [[], true, false]);
      assert.equal(first.searched?.until, first.stoppedAt?.createdAt);
      const rest = await list({ responseStatuses: [202] }, 50, first.stoppedAt ?? null);
      assert.deepEqual([rest.rows.length, rest.hasMore, rest.searched?.isComplete], [3, false, true]);
    });

    it("of rare types are found in one page among many of other types, also by a pattern", async () => {
      const rare = await seed({ count: 3, type: "rare.type" });
      await seed({ count: ROWS_LOOKED_AT_MAX + 500, from: from + MINUTE });
      for (const type of ["rare.type", "rare.*"]) {
        const pages = await walk(
          (after) => list({ eventTypes: [type, "no.such"] }, 2, after),
          () => seedOne({ type: "rare.type", from: test.clock.now }),
        );
        assert.deepEqual(pages, [newestFirst(rare).slice(0, 2), newestFirst(rare).slice(2)], type);
        await db().deleteFrom("deliveries").where("created_at", ">=", test.clock.now).execute();
        await db().deleteFrom("events").where("accepted_at", ">=", test.clock.now).execute();
      }
      assert.deepEqual((await list({ eventTypes: ["rar.*", "rare"] })).rows, []);
    });

    it("can be filtered by exact status, error and several connections, and sorted both ways", async () => {
      const second = await test.connect({ webhookUrl: `${receiver.url}/second` });
      const third = await test.connect({ webhookUrl: `${receiver.url}/third` });
      const of = {
        unauthorized: await seed({ count: 3, responseStatus: 401 }),
        broken: await seed({ count: 4, responseStatus: 503, connectionId: second }),
        slow: await seed({ count: 2, responseStatus: null, connectionId: third }),
        refused: await seed({ count: 5, responseStatus: null, errorCode: "connection_refused" }),
        moved: await seed({ count: 1, responseStatus: 301 }),
        fine: await seed({ count: 6, responseStatus: 200, status: "delivered", type: "order.paid" }),
        waiting: await seed({ count: 2, responseStatus: 503, status: "pending", connectionId: third }),
      };
      const { unauthorized, broken, slow, refused, moved, fine, waiting } = of;
      const cases: readonly [Partial<DeliveryFilter>, readonly (readonly { id: string }[])[]][] = [
        [{ responseStatuses: [401] }, [unauthorized]],
        [{ responseStatuses: [401, 503] }, [unauthorized, broken, waiting]],
        [{ responseStatuses: [200, 301] }, [fine, moved]],
        [{ errorCodes: ["timeout"] }, [slow]],
        [{ errorCodes: ["timeout", "connection_refused", "redirect"] }, [slow, refused, moved]],
        [{ errorCodes: ["http_status"], connectionIds: [second, third] }, [broken, waiting]],
        [{ errorCodes: ["http_status"], statuses: ["failed"] }, [unauthorized, broken]],
        [{ errorCodes: ["http_status"], eventTypes: ["a.*"] }, [unauthorized, broken, waiting]],
        [{ responseStatuses: [503], errorCodes: ["http_status"], connectionIds: [third] }, [waiting]],
        [{ connectionIds: [second, third] }, [broken, slow, waiting]],
        [{ connectionIds: [second, newId()] }, [broken]],
        [{ connectionIds: [newId()] }, []],
        [{ statuses: ["pending", "delivered"] }, [waiting, fine]],
        [{ statuses: ["pending"] }, [waiting]],
        [{ eventTypes: ["order.*"] }, [fine]],
        [{ ids: [...slow, ...fine].map(({ id }) => id), statuses: ["failed"] }, [slow]],
      ];
      for (const [filter, expected] of cases) {
        const message = JSON.stringify(filter);
        const ids = expected.flat().map(({ id }) => id);
        for (const direction of ["desc", "asc"] as const) {
          const pages = await walk((after) => list(filter, 2, after, direction));
          assert.deepEqual(pages.flat().toSorted(), ids.toSorted(), message);
          const rows = (await list(filter, 50, null, direction)).rows;
          const times = rows.map(({ createdAt }) => (direction === "asc" ? createdAt : -createdAt));
          assert.deepEqual(
            times,
            times.toSorted((a, b) => a - b),
            message,
          );
        }
      }
    });

    it("that failed are found in one page among many that did not", async () => {
      const failed = await seed({ count: 2 });
      await seed({
        count: ROWS_LOOKED_AT_MAX + 500,
        from: from + MINUTE,
        status: "delivered",
        responseStatus: 200,
      });
      for (const filter of [{}, { connectionIds: [connectionId] }]) {
        const page = await list({ statuses: ["failed"], ...filter });
        assert.deepEqual(
          page.rows.map(({ id }) => id),
          newestFirst(failed),
        );
        assert.equal(page.hasMore, false);
      }
    });

    it("are due no sooner than their connection's hold ends", async () => {
      const { id } = await seedOne({ status: "pending" });
      assert.equal((await getDelivery(db(), test.workspaceId, id)).nextAttemptAt, from);
      const until = test.clock.now + HOUR;
      await db()
        .updateTable("connections")
        .set({ hold_until: until })
        .where("id", "=", connectionId)
        .execute();
      assert.equal((await getDelivery(db(), test.workspaceId, id)).nextAttemptAt, until);
      const failed = await seedOne({});
      assert.equal((await getDelivery(db(), test.workspaceId, failed.id)).nextAttemptAt, null);
    });
  });

  describe("events", () => {
    it("can be filtered by type and outcome, in limited slices", async () => {
      const rare = await seed({ count: 3, type: "rare.type" });
      await seed({
        count: ROWS_LOOKED_AT_MAX + 500,
        from: from + MINUTE,
        status: "delivered",
        responseStatus: 200,
      });
      const none = {
        types: null,
        origin: null,
        acceptedFrom: null,
        acceptedBefore: null,
        hasFailed: null,
        text: null,
      };
      const arrive = () => seedOne({ type: "rare.type", from: test.clock.now });
      const expected = rare.map(({ eventId }) => eventId).toReversed();
      for (const filter of [{ types: ["rare.*"] }, { hasFailed: true }]) {
        const before = { ...none, ...filter, acceptedBefore: test.clock.now };
        const pages = await walk(
          (after) => listEvents(deps(), test.workspaceId, before, { limit: 2, after }, false),
          arrive,
        );
        assert.deepEqual(pages, [[], expected.slice(0, 2), expected.slice(2)], JSON.stringify(filter));
      }
      const fine = { ...none, hasFailed: false, acceptedBefore: from + MINUTE + 5 };
      const { rows } = await listEvents(deps(), test.workspaceId, fine, { limit: 50, after: null }, false);
      assert.equal(rows.length, 5);
    });
  });

  describe("a deleted payload", () => {
    it("is shown as deleted, and cannot be sent again", async () => {
      const { id, eventId } = await seedOne({ data: "" });
      const event = await getEvent(deps(), test.workspaceId, eventId);
      assert.equal(event.dataJson, null);
      assert.equal((await getDelivery(db(), test.workspaceId, id)).request.body, null);
      await assert.rejects(retryDelivery(deps(), actor(), id), { code: "payload_deleted" });
      assert.equal((await getDelivery(db(), test.workspaceId, id)).status, "failed");
    });
  });

  describe("retrying", () => {
    it("makes a delivery due that waits for a later attempt", async () => {
      receiver.respond = (response) => void response.writeHead(500).end();
      await test.accept({ type: "a.b" });
      await test.context.engine.worker.tick();
      const { id, next_attempt_at } = await test.delivery(connectionId);
      assert.ok((next_attempt_at ?? 0) > test.clock.now);
      receiver.respond = (response) => void response.writeHead(200).end();
      const retried = await retryDelivery(deps(), actor(), id);
      assert.deepEqual([retried.status, retried.nextAttemptAt], ["pending", test.clock.now]);
      await test.context.engine.worker.tick();
      const sent = await getDelivery(db(), test.workspaceId, id);
      assert.equal(sent.status, "delivered");
      assert.deepEqual(
        sent.attempts.map(({ trigger }) => trigger),
        ["schedule", "manual"],
      );
    });

    it("lets a connection in strict order continue, in the same order", async () => {
      const limits = { ordered: true, concurrency: 1, rateLimitPerMinute: null };
      const ordered = await test.connect({
        webhookUrl: `${receiver.url}/ordered`,
        limits,
        eventTypes: ["n.*"],
      });
      const sent = () => receiver.received.filter(({ path }) => path === "/ordered").map(typeOf);
      receiver.respond = (response) => void response.writeHead(500).end();
      for (const type of ["n.0", "n.1"]) {
        await test.accept({ type });
        test.clock.now += 1;
      }
      await test.context.engine.worker.tick();
      assert.deepEqual(sent(), ["n.0"]);
      const [head] = (await list({ connectionIds: [ordered], eventTypes: ["n.0"] })).rows;
      assert.ok(head?.nextAttemptAt && head.nextAttemptAt > test.clock.now, "the hold is shown");
      receiver.respond = (response) => void response.writeHead(200).end();
      const retried = await retryDelivery(deps(), actor(), head.id);
      assert.ok((retried.nextAttemptAt ?? Number.POSITIVE_INFINITY) <= test.clock.now);
      await test.context.engine.worker.tick();
      assert.deepEqual(sent(), ["n.0", "n.0", "n.1"]);
    });

    it("is refused for a delivery that is already due, a test, and a cancelled one", async () => {
      const due = await seedOne({ status: "pending" });
      const tested = await seedOne({ trigger: "test" });
      const cancelled = await seedOne({});
      await cancelDelivery(deps(), actor(), cancelled.id);
      for (const { id } of [due, tested, cancelled]) {
        await assert.rejects(retryDelivery(deps(), actor(), id), { code: "delivery_state" });
      }
    });
  });

  describe("stats", () => {
    const hourOf = (time: number) => time - (time % HOUR);
    const count = (hour: number, delivered: number, failed: number, id = connectionId) =>
      seedHours(test.context.store, [{ connectionId: id, hour, delivered, failed }]);
    const stats = (id: string | null) =>
      readDeliveryStats(test.context.store, test.workspaceId, id, test.clock.now);

    it("cover the last 24 hours without gaps, for one connection or all", async () => {
      const other = await test.connect({ webhookUrl: `${receiver.url}/other` });
      const now = hourOf(test.clock.now);
      await count(now, 5, 1);
      await count(now, 7, 0, other);
      await count(now - 3 * HOUR, 2, 4);
      await count(now - 23 * HOUR, 1, 0);
      await count(now - 24 * HOUR, 100, 100);
      const all = await stats(null);
      assert.deepEqual(
        all.hours.map(({ start }) => start),
        Array.from({ length: 24 }, (_, index) => now - (23 - index) * HOUR),
      );
      assert.deepEqual([all.delivered, all.failed], [15, 5]);
      assert.deepEqual(all.hours.at(-1), { start: now, delivered: 12, failed: 1 });
      assert.deepEqual(all.hours.at(-2), { start: now - HOUR, delivered: 0, failed: 0 });
      const one = await stats(other);
      assert.deepEqual([one.delivered, one.failed, one.hours.length], [7, 0, 24]);
      await assert.rejects(stats(newId()), { code: "not_found" });
    });

    it("include the p95 duration of attempts and the time of the last failure", async () => {
      assert.deepEqual([(await stats(null)).p95Ms, (await stats(null)).lastFailureAt], [null, null]);
      await count(hourOf(test.clock.now), 20, 0);
      await db()
        .updateTable("connections")
        .set({ last_failure_at: from })
        .where("id", "=", connectionId)
        .execute();
      const { p95Ms, lastFailureAt } = await stats(connectionId);
      assert.ok(p95Ms !== null && p95Ms > 10 && p95Ms <= 25, "each took 20 ms");
      assert.deepEqual([lastFailureAt, (await stats(null)).p95Ms], [from, p95Ms]);
    });

    it("exclude tests", async () => {
      receiver.respond = (response) => void response.writeHead(500).end();
      const actor = {
        kind: "system",
        id: null,
        name: "Test",
        workspaceId: test.workspaceId,
        address: null,
      } as const;
      const { delivery } = await sendTestEvent(test.context.services.integrations, actor, connectionId);
      assert.equal(delivery.ok, false);
      const { delivered, failed, p95Ms, lastFailureAt } = await stats(connectionId);
      assert.deepEqual([delivered, failed, p95Ms, lastFailureAt], [0, 0, null, null]);
    });

    it("count the worker's attempts", async () => {
      await test.accept({ type: "a.b" });
      await test.context.engine.worker.tick();
      receiver.respond = (response) => void response.writeHead(500).end();
      await test.accept({ type: "a.b" });
      await test.context.engine.worker.tick();
      await test.context.engine.folder.foldAll();
      const { delivered, failed, p95Ms, lastFailureAt } = await stats(connectionId);
      assert.deepEqual([delivered, failed, lastFailureAt], [1, 1, test.clock.now]);
      assert.equal(typeof p95Ms, "number");
    });
  });
});

function typeOf({ body }: { readonly body: string }): string {
  return (JSON.parse(body) as { type: string }).type;
}
