import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { newId } from "../../src/db/new-id.ts";
import { causeText } from "../../src/domain/statistics.ts";
import { StatisticsEntry } from "../../src/statistics/entry.ts";
import { logEntry } from "../../src/statistics/log-entry.ts";
import { createRandom, pick } from "../chaos/random.ts";
import { ApiClient } from "../support/api-client.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { assertIssuesEqualRecount } from "../support/recount-issues.ts";
import { type ServedApp, serveTestApp } from "../support/served-app.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Issue = {
  readonly id: string;
  readonly connection_id: string;
  readonly state: string;
  readonly title: string;
  readonly response_status: number;
  readonly first_seen_at: string;
  readonly failed_deliveries: number;
  readonly retrying_attempts: number;
  readonly waiting_deliveries: number;
  readonly example_delivery_id: string | null;
  readonly receiver_text: string | null;
};

forEachDatabase((makeDatabase) => {
  let database: TestDatabase;
  let app: ServedApp;
  let receiver: TestReceiver;
  let connection: string;

  beforeEach(async () => {
    database = await makeDatabase();
    app = await serveTestApp(database);
    receiver = await startTestReceiver();
    connection = await app.connect({ webhookUrl: `${receiver.url}/hook`, name: "Fraud scoring" });
  });
  afterEach(async () => {
    await app.close();
    await receiver.close();
    await database.remove();
  });

  const db = () => app.context.store.db;
  const fold = () => app.context.engine.folder.foldAll();
  const response = (status: number, body = "") => {
    receiver.respond = (response) => void response.writeHead(status).end(body);
  };
  /** Accepts an event, sends everything that is due, and folds the statistics. */
  const send = async (type = "order.paid") => {
    app.clock.now += SECOND;
    const id = await app.accept({ type });
    await app.context.engine.worker.tick();
    await fold();
    return id;
  };
  const list = async (query = "", api = app.api): Promise<readonly Issue[]> =>
    (await api.get(`/api/issues${query}`)).body.data;
  const only = async (query = ""): Promise<Issue> => {
    const [issue, ...more] = await list(query);
    assert.deepEqual(more, []);
    return issue ?? assert.fail("there is no issue");
  };
  const patch = (id: string, body: object, api = app.api) => api.patch(`/api/issues/${id}`, body);
  const giveUp = (eventId: string) =>
    db().updateTable("deliveries").set({ attempt_count: 100 }).where("event_id", "=", eventId).execute();
  /** Logs attempts as a commit does, without deliveries, and folds them. */
  const log = async (attempts: readonly { connectionId: string; status: number; isEnd?: boolean }[]) => {
    const entry = new StatisticsEntry();
    for (const { connectionId, status, isEnd = true } of attempts) {
      entry.addAttempt(app.workspaceId, {
        connectionId,
        deliveryId: newId(),
        eventType: "order.paid",
        outcome: isEnd ? "failed" : "retrying",
        cause: causeText({ errorCode: "http_status", responseStatus: status, host: "h.example.com" }),
        isEnd,
        startedAt: app.clock.now,
        durationMs: 20,
      });
    }
    const { store } = app.context;
    await store.transact((trx) => logEntry(store.hot, trx, entry, app.clock.now));
    await fold();
  };

  describe("an issue", () => {
    it("opens with the first failure and quotes the receiver's response", async () => {
      response(401, "  The signature does not match.\n");
      await send();
      const issue = await only();
      const delivery = await app.delivery(connection);
      const { id, explanation, first_seen_at, last_seen_at, ...rest } = (
        await app.api.get(`/api/issues/${issue.id}`)
      ).body.data;
      assert.deepEqual(rest, {
        connection_id: connection,
        connection_name: "Fraud scoring",
        state: "open",
        error_code: "http_status",
        response_status: 401,
        host: "127.0.0.1",
        title: "401 Unauthorized",
        receiver_text: "The signature does not match.",
        resolves_at: null,
        resolved_at: null,
        muted_at: null,
        failed_deliveries: 0,
        retrying_attempts: 1,
        waiting_deliveries: 1,
        example_delivery_id: delivery.id,
      });
      assert.equal(id, issue.id);
      assert.equal(first_seen_at, last_seen_at);
      assert.match(explanation.title, /signature/);
      assert.notEqual(explanation.action, "");
    });

    it("counts further failures, and distinguishes failed deliveries from retries", async () => {
      response(503);
      const first = await send();
      await giveUp(first);
      app.clock.now += HOUR;
      await send("order.late");
      app.clock.now += HOUR;
      await send();
      const issue = await only();
      assert.equal(issue.failed_deliveries, 1);
      assert.ok(issue.retrying_attempts >= 2);
      assert.ok(issue.waiting_deliveries >= 2);
      assert.ok(Date.parse(issue.first_seen_at) < app.clock.now - 2 * HOUR + MINUTE);
    });

    it("resolves with the next success, and reopens on a failure long after", async () => {
      response(500);
      await send();
      const { id, first_seen_at } = await only();
      response(200);
      app.clock.now += MINUTE;
      await send();
      assert.deepEqual(await list(), []);
      const resolved = (await app.api.get(`/api/issues/${id}`)).body.data;
      assert.equal(resolved.state, "resolved");
      assert.ok(Date.parse(resolved.resolved_at) >= Date.parse(resolved.last_seen_at));
      assert.equal((await only("?state=resolved")).id, id);
      app.clock.now += HOUR;
      response(500);
      await send();
      const again = await only();
      assert.equal(again.id, id, "links stay valid");
      assert.ok(again.first_seen_at > first_seen_at);
      assert.equal(again.retrying_attempts, 1);
    });

    it("stays open while only some events fail, and resolves after a quiet period", async () => {
      receiver.respond = (response, { body }) =>
        void response.writeHead(body.includes("order.bad") ? 422 : 200).end();
      await send("order.bad");
      const { first_seen_at } = await only();
      for (let round = 0; round < 3; round++) {
        await send("order.good");
        await send("order.bad");
      }
      // Retries of the failed deliveries would fail again.
      await db().deleteFrom("deliveries").where("status", "=", "pending").execute();
      await send("order.good");
      const issue = (await app.api.get(`/api/issues?state=open`)).body.data[0];
      assert.equal(issue.first_seen_at, first_seen_at);
      assert.ok(issue.resolves_at > issue.last_seen_at);
      app.clock.now = Date.parse(issue.resolves_at) + 1;
      await fold();
      assert.deepEqual(await list(), []);
    });

    for (const seed of [1, 2, 3]) {
      it(`has the same result however attempts are batched (seed ${seed})`, { timeout: 60_000 }, async () => {
        const random = createRandom(seed);
        for (let step = 0; step < 120; step++) {
          response(pick(random, [200, 200, 200, 422, 500]));
          app.clock.now += pick(random, [SECOND, MINUTE, 4 * MINUTE, 15 * MINUTE]);
          await app.accept({ type: "order.paid" });
          await app.context.engine.worker.tick();
          if (random() < 0.2) await fold();
        }
        await assertIssuesEqualRecount(app.context.store);
      });
    }

    it("exists once per cause, at most 20 per connection", async () => {
      await log(
        Array.from({ length: 15 }, (_, index) => ({ connectionId: connection, status: 400 + index })),
      );
      app.clock.now += MINUTE;
      await log(
        Array.from({ length: 15 }, (_, index) => ({ connectionId: connection, status: 500 + index })),
      );
      const issues = await list("?limit=100");
      assert.equal(issues.length, 20);
      assert.equal(
        issues.filter(({ response_status: status }) => status >= 500).length,
        15,
        "the most recent stay",
      );
    });

    it("is resolved when its connection is disconnected", async () => {
      response(500);
      await send();
      const { id } = await only();
      await app.api.delete(`/api/integrations/connections/${connection}`);
      assert.deepEqual(await list(), []);
      assert.equal((await app.api.get(`/api/issues/${id}`)).body.data.state, "resolved");
      await log([{ connectionId: connection, status: 500 }]);
      assert.deepEqual(await list(), [], "what was counted later opens none");
    });

    it("keeps its advice when the payload is deleted, and is deleted together with the statuses", async () => {
      response(500, "a stack trace");
      const eventId = await send();
      await giveUp(eventId);
      app.clock.now += HOUR;
      await app.context.engine.worker.tick();
      await fold();
      const { id } = await only();
      const retain = async () => {
        while (await app.context.engine.retention.step(app.clock.now));
      };
      app.clock.now += 31 * DAY;
      await retain();
      const { receiver_text, explanation, example_delivery_id } = (await app.api.get(`/api/issues/${id}`))
        .body.data;
      assert.equal(receiver_text, null);
      assert.notEqual(explanation.title, "");
      assert.notEqual(example_delivery_id, null);
      app.clock.now += 60 * DAY;
      await retain();
      assert.equal((await app.api.get(`/api/issues/${id}`)).status, 404);
      assert.deepEqual(await list("?state=all"), []);
    });
  });

  describe("GET /api/issues", () => {
    it("lists the greatest impact first, page by page", async () => {
      const others = [
        await app.connect({ webhookUrl: `${receiver.url}/b`, name: "B" }),
        await app.connect({ webhookUrl: `${receiver.url}/c`, name: "C" }),
      ];
      const [b = "", c = ""] = others;
      await log([
        { connectionId: connection, status: 500 },
        ...[1, 2, 3].map(() => ({ connectionId: b, status: 401 })),
        ...[1, 2].map(() => ({ connectionId: c, status: 404 })),
      ]);
      const first = (await app.api.get("/api/issues?limit=2")).body;
      assert.deepEqual(
        first.data.map((issue: Issue) => issue.connection_id),
        [b, c],
      );
      assert.equal(first.has_more, true);
      const second = (await app.api.get(`/api/issues?limit=2&cursor=${first.next_cursor}`)).body;
      assert.deepEqual(
        second.data.map((issue: Issue) => issue.connection_id),
        [connection],
      );
      assert.equal(second.has_more, false);
      assert.equal((await app.api.get(`/api/issues?state=all&cursor=${first.next_cursor}`)).status, 400);
      assert.equal((await only(`?connection_id=${c.toUpperCase()}`)).title, "404 Not Found");
      assert.equal((await list("?state=all")).length, 3);
    });

    it("lists issues with waiting deliveries before those that failed once", async () => {
      const waiting = await app.connect({ webhookUrl: `${receiver.url}/waits`, eventTypes: ["slow.*"] });
      const failing = await app.connect({ webhookUrl: `${receiver.url}/fails`, eventTypes: ["other.*"] });
      await app.api.delete(`/api/integrations/connections/${connection}`);
      await log([{ connectionId: failing, status: 500 }]);
      response(503);
      for (let count = 0; count < 3; count++) await app.accept({ type: "slow.event" });
      await send("slow.event");
      assert.equal((await list())[0]?.connection_id, waiting);
    });

    it("shows no issues of other workspaces, and refuses unknown filters", async () => {
      await log([{ connectionId: connection, status: 500 }]);
      const { id } = await only();
      const { key } = await app.makeKey(await app.makeWorkspace());
      const other = new ApiClient(app.url, { key });
      assert.deepEqual(await list("?state=all", other), []);
      assert.equal((await other.get(`/api/issues/${id}`)).status, 404);
      assert.equal((await patch(id, { state: "muted" }, other)).status, 404);
      assert.equal((await app.api.get("/api/issues?state=closed")).status, 422);
      assert.equal((await app.api.get("/api/issues/x")).status, 400);
      assert.equal((await app.api.get(`/api/issues/${newId()}`)).status, 404);
    });
  });

  describe("PATCH /api/issues/{id}", () => {
    const audited = async () => {
      const rows = await db()
        .selectFrom("audit_entries")
        .select(["action", "target_id"])
        .where("target_kind", "=", "issue")
        .orderBy("id")
        .execute();
      return rows.map(({ action }) => action);
    };

    it("mutes an issue until it is resolved, and is audited", async () => {
      response(500);
      await send();
      const { id } = await only();
      assert.equal((await patch(id, { state: "muted" })).body.data.state, "muted");
      assert.equal((await patch(id, { state: "muted" })).status, 200);
      assert.deepEqual(await list(), []);
      await send();
      const muted = await only("?state=muted");
      assert.ok(muted.retrying_attempts >= 2, "goes on counting");
      response(200);
      app.clock.now += HOUR;
      await send();
      assert.equal((await app.api.get(`/api/issues/${id}`)).body.data.state, "resolved");
      app.clock.now += HOUR;
      response(500);
      await send();
      assert.equal((await only()).state, "open");
      assert.deepEqual(await audited(), ["issue.muted"]);
    });

    it("resolves and reopens an issue", async () => {
      response(500);
      await send();
      const { id, first_seen_at } = await only();
      app.clock.now += SECOND;
      const resolved = (await patch(id, { state: "resolved" })).body.data;
      assert.equal(resolved.resolved_at, new Date(app.clock.now).toISOString());
      assert.equal((await patch(id, { state: "open" })).body.data.resolved_at, null);
      assert.equal((await only()).first_seen_at, first_seen_at);
      app.clock.now += SECOND;
      await patch(id, { state: "resolved" });
      app.clock.now += SECOND;
      await send();
      assert.ok((await only()).first_seen_at > first_seen_at, "a failure after that is a new run");
      assert.deepEqual(await audited(), ["issue.resolved", "issue.reopened", "issue.resolved"]);
    });

    it("refuses other changes", async () => {
      await log([{ connectionId: connection, status: 500 }]);
      const { id } = await only();
      for (const body of [{}, { state: "closed" }, { state: "muted", note: "x" }])
        assert.equal((await patch(id, body)).status, 422);
    });
  });
});
