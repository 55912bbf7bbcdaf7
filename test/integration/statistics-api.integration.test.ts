import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { newId } from "../../src/db/new-id.ts";
import { readRollups } from "../../src/statistics/read-rollups.ts";
import { ApiClient } from "../support/api-client.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { recordStatements } from "../support/record-statements.ts";
import { type ServedApp, serveTestApp } from "../support/served-app.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Series = {
  readonly group: string | null;
  readonly is_other: boolean;
  readonly cause: unknown;
  readonly pending: number | null;
  readonly total: Readonly<Record<string, number | null>>;
  readonly points: readonly (Readonly<Record<string, number | null>> & { readonly start: string })[];
};

forEachDatabase((makeDatabase) => {
  let database: TestDatabase;
  let app: ServedApp;
  let receiver: TestReceiver;
  let orders: string;
  let everything: string;

  beforeEach(async () => {
    database = await makeDatabase();
    app = await serveTestApp(database);
    // In the middle of a minute and an hour, so that attempts end in the same ones.
    app.clock.now += 90 * MINUTE - (app.clock.now % HOUR) + MINUTE / 2;
    receiver = await startTestReceiver();
    orders = await app.connect({ webhookUrl: `${receiver.url}/orders`, eventTypes: ["order.*"] });
    everything = await app.connect({ webhookUrl: `${receiver.url}/all` });
    receiver.respond = (response, { path, body }) => {
      const fails = path === "/all" && body.includes("order.late");
      response.writeHead(fails ? 503 : 200).end();
    };
    for (const type of ["order.paid", "order.late", "user.created"]) await app.accept({ type });
    await app.context.engine.worker.tick();
    await app.context.engine.folder.foldAll();
  });
  afterEach(async () => {
    await app.close();
    await receiver.close();
    await database.remove();
  });

  const ask = (query: string, api = app.api) => api.get(`/api/statistics${query}`);
  const series = async (query: string): Promise<readonly Series[]> => (await ask(query)).body.data.series;
  const attempts = async (query: string) =>
    (await series(query)).map(({ group, is_other, total }) => [
      is_other ? "others" : group,
      total["attempts"],
    ]);

  describe("GET /api/event-types", () => {
    const types = async (query: string, api = app.api) => (await api.get(`/api/event-types${query}`)).body;

    it("lists the types that were seen, with counts and an example", async () => {
      const firstAt = app.clock.now;
      app.clock.now += HOUR;
      const newest = await app.accept({ type: "order.paid" });
      await app.context.engine.folder.foldAll();
      const { data, has_more } = await types("");
      assert.equal(has_more, false);
      assert.deepEqual(
        data.map(({ type, events }: { type: string; events: number }) => [type, events]),
        [
          ["order.late", 1],
          ["order.paid", 2],
          ["user.created", 1],
        ],
      );
      const { first_seen_at, last_seen_at, example_event_id } = data[1];
      assert.equal(Date.parse(first_seen_at), firstAt - (firstAt % MINUTE));
      assert.equal(Date.parse(last_seen_at), app.clock.now);
      assert.equal(example_event_id, newest);
    });

    it("pages by name, accepts patterns, and shows nothing of other workspaces", async () => {
      const first = await types("?type=order.*&limit=1");
      assert.deepEqual([first.data.length, first.data[0].type, first.has_more], [1, "order.late", true]);
      const second = await types(`?type=order.*&limit=1&cursor=${first.next_cursor}`);
      assert.deepEqual(
        [second.data[0].type, second.has_more, second.next_cursor],
        ["order.paid", false, null],
      );
      const deliveries = await app.api.get("/api/deliveries?limit=1");
      for (const cursor of ["nonsense", deliveries.body.next_cursor])
        assert.equal((await types(`?cursor=${cursor}`)).code, "invalid_cursor");
      assert.equal((await types("?type=order*")).code, "validation_failed");
      const { key } = await app.makeKey(await app.makeWorkspace());
      assert.deepEqual((await types("", new ApiClient(app.url, { key }))).data, []);
    });

    it("forgets a type after the status days", async () => {
      app.clock.now += 80 * DAY;
      await app.accept({ type: "order.paid" });
      await app.context.engine.folder.foldAll();
      app.clock.now += 11 * DAY;
      while (await app.context.engine.retention.step(app.clock.now));
      assert.deepEqual(
        (await types("")).data.map(({ type }: { type: string }) => type),
        ["order.paid"],
      );
    });
  });

  describe("GET /api/statistics", () => {
    it("returns the last 24 hours by the hour, with every point", async () => {
      const { status, body } = await ask("");
      assert.equal(status, 200, JSON.stringify(body));
      const { series: all, ...data } = body.data;
      assert.deepEqual(
        [body.object, data.interval, data.group_by, data.is_exact],
        ["statistics", "hour", null, true],
      );
      assert.equal(data.as_of, new Date(app.clock.now).toISOString());
      assert.equal(data.pending, 1);
      assert.equal(all.length, 1);
      const { p50_ms, p95_ms, ...total } = all[0].total;
      assert.deepEqual(total, { attempts: 5, delivered: 4, failed: 0, retried: 1, events: 3 });
      assert.ok(p50_ms <= p95_ms);
      const points = all[0].points as Series["points"];
      assert.ok(points.length === 24 || points.length === 25);
      assert.ok(points.every(({ start }) => Date.parse(start) % HOUR === 0));
      assert.equal(
        points.reduce((sum, point) => sum + (point["attempts"] ?? 0), 0),
        5,
      );
    });

    it("groups by each dimension, largest first, and adds up the remaining groups", async () => {
      assert.deepEqual(await attempts("?group_by=connection"), [
        [everything, 3],
        [orders, 2],
      ]);
      assert.deepEqual(await attempts("?group_by=connection&limit=1"), [
        [everything, 3],
        ["others", 2],
      ]);
      assert.deepEqual(await attempts("?group_by=event_type"), [
        ["order.late", 2],
        ["order.paid", 2],
        ["user.created", 1],
      ]);
      assert.deepEqual(await attempts("?group_by=outcome"), [
        ["delivered", 4],
        ["retrying", 1],
      ]);
      const [failing, ...none] = await series("?group_by=cause");
      assert.deepEqual(none, []);
      assert.deepEqual([failing?.group, failing?.total["attempts"]], ["http_status/503/127.0.0.1", 1]);
      assert.deepEqual(failing?.cause, {
        error_code: "http_status",
        response_status: 503,
        host: "127.0.0.1",
      });
    });

    it("counts only what matches its filters", async () => {
      const total = async (query: string) => (await series(query))[0]?.total["attempts"];
      assert.equal(await total(`?connection_id=${orders}`), 2);
      assert.equal(await total(`?connection_id=${orders.toUpperCase()}`), 2);
      assert.equal(await total("?event_type=order.*"), 4);
      assert.equal(await total("?event_type=*"), 5);
      assert.equal(await total("?event_type=order"), 0);
      assert.equal(await total("?outcome=retrying"), 1);
      assert.equal(await total("?cause=http_status/503/127.0.0.1"), 1);
      assert.equal(await total("?cause=http_status/500/127.0.0.1"), 0);
      assert.equal(await total(`?event_type=order.late&connection_id=${everything}&outcome=retrying`), 1);
      assert.deepEqual(await attempts(`?connection_id=${everything}&group_by=event_type&limit=1`), [
        ["order.late", 1],
        ["others", 2],
      ]);
    });

    it("includes events and pending deliveries only where the grouping and filters apply to them", async () => {
      const [grouped] = await series("?group_by=event_type");
      assert.equal(grouped?.total["events"], 1);
      const [ofConnection] = await series(`?connection_id=${orders}`);
      assert.equal(ofConnection?.total["events"], null);
      assert.equal((await ask(`?connection_id=${everything}`)).body.data.pending, 1);
      assert.equal((await ask(`?connection_id=${orders}`)).body.data.pending, 0);
      assert.equal((await ask("?event_type=order.late")).body.data.pending, null);
      assert.deepEqual(
        (await series("?group_by=connection")).map(({ pending }) => pending),
        [1, 0],
      );
      assert.equal((await series("?group_by=connection&outcome=retrying"))[0]?.pending, null);
      assert.equal(grouped?.pending, null);
    });

    it("shows minutes and days", async () => {
      const from = (ms: number) => `from=${new Date(app.clock.now - ms).toISOString()}`;
      const minutes = (await ask(`?${from(HOUR)}`)).body.data;
      assert.equal(minutes.interval, "minute");
      assert.ok(minutes.series[0].points.length >= 60);
      assert.equal(minutes.series[0].total.attempts, 5);
      const days = (await ask(`?${from(30 * DAY)}&group_by=connection`)).body.data;
      assert.equal(days.interval, "day");
      assert.deepEqual(
        days.series.map(({ points }: Series) => points.at(-1)?.["attempts"]),
        [3, 2],
      );
      assert.ok(days.series[0].points.every(({ start }: { start: string }) => Date.parse(start) % DAY === 0));
    });

    it("reads a day of minutes in few statements", async () => {
      const { db, statements } = recordStatements(app.context.store.db);
      const { now } = app.clock;
      const range = { workspaceId: app.workspaceId, interval: "minute", from: now - DAY, to: now } as const;
      const filter = { connectionId: null, eventType: null, outcome: null, cause: null };
      const reading = { filter, groupBy: null, groups: null, byStart: true } as const;
      const deps = { db, dialect: app.context.store.dialect };
      assert.ok((await readRollups(deps, range, reading)).length > 0);
      // Usually two; more on a busy machine, where a statement overruns its time and the next ones read less.
      assert.ok(statements.length <= 20, `${statements.length} statements`);
    });

    it("refuses invalid queries, and names the valid values", async () => {
      const daysAgo = (days: number) => new Date(app.clock.now - days * DAY).toISOString();
      const cases: readonly (readonly [query: string, path: string, message: RegExp])[] = [
        ["?from=yesterday", "from", /with its zone/],
        [`?from=${daysAgo(1)}&to=${daysAgo(2)}`, "from", /before `to`/],
        [`?from=${daysAgo(3)}&interval=minute`, "from", /48 hours/],
        [`?from=${daysAgo(401)}&to=${daysAgo(-1)}&interval=day&group_by=cause`, "from", /31 days/],
        ["?interval=second", "interval", /minute/],
        ["?group_by=host", "group_by", /connection/],
        ["?limit=0", "limit", /1/],
        ["?limit=101&group_by=cause", "limit", /100/],
        ["?event_type=order*", "event_type", /order\.\*/],
        ["?outcome=pending", "outcome", /delivered/],
        ["?cause=timeout", "cause", /group_by=cause/],
        ["?connection_id=1", "connection_id", /./],
        ["?type=order.paid", "type", /./],
      ];
      for (const [query, path, message] of cases) {
        const { status, body } = await ask(query);
        assert.equal(status, 422, query);
        assert.equal(body.errors[0].path, path, query);
        assert.match(body.errors[0].message, message, query);
      }
    });

    it("keeps workspaces apart", async () => {
      const { key } = await app.makeKey(await app.makeWorkspace());
      const other = new ApiClient(app.url, { key });
      for (const query of [
        "",
        "?group_by=connection",
        "?group_by=event_type",
        "?group_by=cause",
        "?event_type=order.*",
      ]) {
        const { data } = (await ask(query, other)).body;
        assert.ok([0, null].includes(data.pending));
        assert.deepEqual(
          data.series.filter(({ total }: Series) => total["attempts"] !== 0 || total["events"] === 3),
          [],
          query,
        );
      }
      assert.equal((await ask(`?connection_id=${orders}`, other)).status, 404);
      assert.equal((await ask(`?connection_id=${newId()}`)).status, 404);
      assert.equal((await ask("", new ApiClient(app.url))).status, 401);
    });

    it("redacts tokens in host names", async () => {
      const token = "eo1x2y3z4a5b6c7d";
      await app.connect({ webhookUrl: `https://${token}.example.com/` });
      await app.accept({ type: "user.created" });
      await app.context.engine.worker.tick();
      await app.context.engine.folder.foldAll();
      const { text } = await ask("?group_by=cause");
      assert.match(text, /….example.com/);
      assert.doesNotMatch(text, new RegExp(token));
    });
  });
});
