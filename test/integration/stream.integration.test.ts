import assert from "node:assert/strict";
import { connect as connectSocket } from "node:net";
import { after, afterEach, before, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createApiKey } from "../../src/auth/api-keys.ts";
import { createUser } from "../../src/auth/create-user.ts";
import { newId } from "../../src/db/new-id.ts";
import { ApiClient } from "../support/api-client.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { type EventStream, openEventStream } from "../support/event-stream.ts";
import { type ServedApp, serveTestApp } from "../support/served-app.ts";
import { until } from "../support/until.ts";

const CLOSED_PORT_URL = "http://127.0.0.1:47999/hook";
const DAY = 24 * 60 * 60 * 1000;
const PASSWORD = "a long enough password";

forEachDatabase((makeDatabase, dialect) => {
  let database: TestDatabase;
  let app: ServedApp;
  let api: ApiClient;
  const opened: EventStream[] = [];

  before(async () => {
    database = await makeDatabase();
    app = await serveTestApp(database);
    api = app.api;
  });
  afterEach(() => {
    for (const stream of opened.splice(0)) stream.close();
  });
  after(async () => {
    await app.close();
    await database.remove();
  });

  const open = async (
    query = "",
    headers: Record<string, string> = {},
    key = api.key,
  ): Promise<EventStream> => {
    const authorization = key === null ? {} : { authorization: `Bearer ${key}` };
    const stream = await openEventStream(`${app.url}/api/stream${query}`, { ...authorization, ...headers });
    opened.push(stream);
    return stream;
  };

  const connect = () => app.connect({ webhookUrl: CLOSED_PORT_URL, eventTypes: ["order.*"] });

  /** The delivery of the last event to a connection once it waits for its second attempt, so that it stays unchanged. */
  const attempted = async (connectionId: string) => {
    await until(async () => {
      const { status, attempt_count } = await app.delivery(connectionId);
      return status === "pending" && attempt_count === 1;
    });
    return app.delivery(connectionId);
  };

  const rowsOf = (stream: EventStream, type: string, id: string) =>
    stream.events.filter((event) => event.type === type && event.data.id === id).map(({ data }) => data);

  it("has headers against caching and buffering, and begins with an id", async () => {
    const stream = await open();
    assert.equal(stream.status, 200);
    assert.match(stream.headers.get("content-type") ?? "", /^text\/event-stream/);
    assert.equal(stream.headers.get("cache-control"), "no-store");
    assert.equal(stream.headers.get("x-accel-buffering"), "no");
    assert.ok(stream.headers.has("x-request-id") && stream.headers.has("content-security-policy"));
    await stream.until(() => stream.lastId() !== "" && stream.retryMs() === 2000);
    assert.match(stream.lastId(), /^[0-9a-f]+-\d+$/);
  });

  it("shows connections, events and deliveries as lists do", async () => {
    const stream = await open();
    const connectionId = await connect();
    await stream.until(() => rowsOf(stream, "connection", connectionId).length === 1);
    await api.patch(`/api/integrations/connections/${connectionId}`, { name: "Another name" });
    await stream.until(() => rowsOf(stream, "connection", connectionId).length === 2);
    const connection = await api.get(`/api/integrations/connections/${connectionId}`);
    assert.deepEqual(rowsOf(stream, "connection", connectionId)[1], connection.body.data);

    const eventId = await app.accept({ type: "order.paid" });
    await stream.until(() => rowsOf(stream, "event", eventId).length === 1);
    const events = await api.get("/api/events?limit=1");
    // Only lists count the outcomes of an event.
    const { outcomes: _, ...event } = events.body.data[0];
    assert.deepEqual(rowsOf(stream, "event", eventId)[0], event);

    const { id } = await attempted(connectionId);
    await api.post(`/api/deliveries/${id}/cancel`);
    await stream.until(() => rowsOf(stream, "delivery", id).at(-1)?.status === "cancelled");
    const deliveries = await api.get(`/api/deliveries?connection_id=${connectionId}`);
    assert.deepEqual(rowsOf(stream, "delivery", id).at(-1), deliveries.body.data[0]);

    await api.post(`/api/integrations/connections/${connectionId}/pause`);
    await stream.until(() => rowsOf(stream, "connection", connectionId).at(-1)?.status === "paused");
    assert.ok(stream.events.every(({ type }) => type !== "reset"));
  });

  it("resets when a connection is disconnected, which cancels its pending deliveries", async () => {
    const connectionId = await connect();
    const stream = await open();
    await api.delete(`/api/integrations/connections/${connectionId}`);
    await stream.until(() => stream.events.at(-1)?.type === "reset");
  });

  it("shows the outcome and a retry of a delivery", async () => {
    const connectionId = await connect();
    const stream = await open(`?connection_id=${connectionId}`);
    await app.accept({ type: "order.paid" });
    const { id } = await attempted(connectionId);
    await stream.until(() => rowsOf(stream, "delivery", id).at(-1)?.attempt_count === 1);
    app.clock.now += 1000;
    await api.post(`/api/deliveries/${id}/retry`);
    await stream.until(() => rowsOf(stream, "delivery", id).at(-1)?.trigger === "manual");
    await api.post(`/api/deliveries/${id}/cancel`);
  });

  it("can be filtered by connection and by delivery", async () => {
    const [one, other] = [await connect(), await connect()];
    await app.accept({ type: "order.paid" });
    const [ofOne, ofOther] = [await attempted(one), await attempted(other)];
    const byConnection = await open(`?connection_id=${one}`);
    const byDelivery = await open(`?delivery_id=${ofOne.id}`);
    await api.post(`/api/deliveries/${ofOther.id}/cancel`);
    await api.patch(`/api/integrations/connections/${other}`, { name: "Other" });
    await api.patch(`/api/integrations/connections/${one}`, { name: "One" });
    await api.post(`/api/deliveries/${ofOne.id}/cancel`);
    await byConnection.until(() => rowsOf(byConnection, "delivery", ofOne.id).length > 0);
    await byDelivery.until(() => rowsOf(byDelivery, "delivery", ofOne.id).length > 0);
    assert.deepEqual(new Set(byConnection.events.map(({ data }) => data.id)), new Set([one, ofOne.id]));
    const ofDelivery = byDelivery.events.filter(({ type }) => type !== "attempt").map(({ data }) => data.id);
    assert.deepEqual(new Set(ofDelivery), new Set([ofOne.id]));
    // The position advances even though nothing is shown.
    const before = byDelivery.lastId();
    await app.accept({ type: "order.paid" });
    const all = await open("", { "last-event-id": before });
    await all.until(() => all.events.length > 0);
    await app.context.services.streams.heartbeat();
    await byDelivery.until(() => byDelivery.lastId() !== before && byDelivery.comments() > 0);
  });

  it("continues after the last event without gaps or duplicates, however often the connection is cut", async () => {
    const first = await open();
    await first.until(() => first.lastId() !== "");
    let lastId = first.lastId();
    first.close();
    const accepted: string[] = [];
    let isEnded = false;
    const accepting = (async () => {
      for (let index = 0; index < 300; index++) {
        accepted.push(await app.accept({ type: `step.n${index}` }));
        // More than 200 changes within a polling interval of 200 ms would cause a reset.
        await sleep(2);
      }
      isEnded = true;
    })();
    const seen: string[] = [];
    for (let cuts = 0; !isEnded || cuts < 10; cuts++) {
      const isByQuery = cuts % 2 === 0;
      const stream = isByQuery
        ? await open(`?last_event_id=${lastId}`)
        : await open("", { "last-event-id": lastId });
      if (!isEnded) await stream.until(() => stream.events.length > 0 || isEnded);
      stream.close();
      await stream.ended;
      seen.push(...stream.events.filter(({ type }) => type !== "delivery").map(({ data }) => data.id));
      assert.ok(stream.events.every(({ type }) => type !== "reset"));
      lastId = stream.lastId();
    }
    await accepting;
    const last = await open("", { "last-event-id": lastId });
    await last.until(() => {
      const ids = new Set([...seen, ...last.events.map(({ data }) => data.id)]);
      return accepted.every((id) => ids.has(id));
    });
    seen.push(...last.events.map(({ data }) => data.id));
    assert.deepEqual(
      seen.filter((id) => accepted.includes(id)),
      accepted,
    );
  });

  it("resets a reader with an unknown last event id, and continues from there", async () => {
    for (const id of ["0123456789ab-5", "nonsense", "0-0", "x".repeat(5000)]) {
      const stream = await open("", { "last-event-id": id });
      await stream.until(() => stream.events.length > 0);
      const eventId = await app.accept({ type: "lone.paid" });
      await stream.until(() => stream.events.length > 1);
      assert.deepEqual(
        stream.events.map(({ type, data }) => [type, data.id ?? null]),
        [
          ["reset", null],
          ["event", eventId],
        ],
      );
      stream.close();
    }
    const tooLong = await open(`?last_event_id=${"x".repeat(101)}`);
    assert.equal(tooLong.status, 422);
  });

  it("resets when more objects change together than it shows", async () => {
    const stream = await open();
    const events = Array.from({ length: 201 }, () => ({
      id: null,
      createdAt: null,
      type: "many.more",
      dataJson: "{}",
    }));
    const { workspaceId } = app;
    await app.context.services.acceptor.accept({
      workspaceId,
      events,
      idempotency: null,
      traceContext: null,
    });
    await stream.until(() => stream.events.length > 0);
    const eventId = await app.accept({ type: "lone.paid" });
    await stream.until(() => stream.events.length > 1);
    assert.deepEqual(
      stream.events.map(({ type, data }) => data.id ?? type),
      ["reset", eventId],
    );
  });

  it("shows nothing of another workspace", async () => {
    const otherId = await app.makeWorkspace();
    const other = await open("", {}, (await app.makeKey(otherId)).key);
    const own = await open();
    const connectionId = await connect();
    await own.until(() => own.events.length > 0);
    const foreign = await open(`?connection_id=${connectionId}`, {}, (await app.makeKey(otherId)).key);
    const ownEventId = await app.accept({ type: "order.ours" });
    const ownDelivery = await app.delivery(connectionId);
    // An id published in the wrong workspace is not shown there either.
    app.context.changes.publish(otherId, "connection", [connectionId]);
    app.context.changes.publish(otherId, "event", [ownEventId]);
    app.context.changes.publish(otherId, "delivery", [ownDelivery.id]);
    const events = [{ id: null, createdAt: null, type: "of.theirs", dataJson: "{}" }];
    await app.context.services.acceptor.accept({
      workspaceId: otherId,
      events,
      idempotency: null,
      traceContext: null,
    });
    await other.until(() => other.events.length > 0);
    assert.deepEqual(
      other.events.map(({ data }) => data.type),
      ["of.theirs"],
    );
    const eventId = await app.accept({ type: "order.paid" });
    await own.until(() => rowsOf(own, "event", eventId).length > 0);
    assert.ok(own.events.every(({ data }) => data.type !== "of.theirs"));
    assert.deepEqual(foreign.events, []);
  });

  it("ends soon after the key is revoked or the person signed out, and not before", async () => {
    const { streams } = app.context.services;
    const key = await app.makeKey(app.workspaceId);
    const email = "ada@example.com";
    const { services, store } = app.context;
    const user = { email, name: "Ada", password: PASSWORD, role: "viewer" } as const;
    await createUser({ ...services.access.sessions, db: store.db }, user, { kind: "cli", address: null });
    const viewer = new ApiClient(app.url);
    assert.equal((await viewer.post("/api/session", { email, password: PASSWORD })).status, 200);
    const byKey = await open("", {}, key.key);
    const bySession = await open("", { cookie: viewer.cookie ?? "" }, null);
    const staying = await open();
    assert.deepEqual([byKey.status, bySession.status], [200, 200]);
    for (let count = 0; count < 2; count++) await streams.heartbeat();
    assert.equal(streams.count(), 3);
    await byKey.until(() => byKey.comments() >= 2);

    await viewer.delete("/api/session");
    await store.db
      .updateTable("api_keys")
      .set({ revoked_at: app.clock.now })
      .where("id", "=", key.id)
      .execute();
    for (let count = 0; count < 2; count++) await streams.heartbeat();
    await Promise.all([byKey.ended, bySession.ended]);
    assert.equal(streams.count(), 1);
    const eventId = await app.accept({ type: "order.paid" });
    await staying.until(() => rowsOf(staying, "event", eventId).length > 0);
    // Processes cache a valid key for a second.
    app.clock.now += 2000;
    assert.equal((await open("", {}, key.key)).status, 401);
  });

  it("ends when the session or the key expires", async () => {
    const { streams } = app.context.services;
    const { services, store } = app.context;
    const email = "grace@example.com";
    const user = { email, name: "Grace", password: PASSWORD, role: "viewer" } as const;
    await createUser({ ...services.access.sessions, db: store.db }, user, { kind: "cli", address: null });
    const viewer = new ApiClient(app.url);
    await viewer.post("/api/session", { email, password: PASSWORD });
    const bySession = await open("", { cookie: viewer.cookie ?? "" }, null);
    const actor = {
      kind: "system",
      id: null,
      name: "Test",
      workspaceId: app.workspaceId,
      address: null,
    } as const;
    const expiresAt = app.clock.now + 6 * DAY;
    const input = { name: "Short", access: "full_access", expiresAt } as const;
    const byKey = await open("", {}, (await createApiKey(services.access.apiKeys, actor, input)).key);
    const staying = await open();
    const before = streams.count();
    const poll = async () => {
      for (let count = 0; count < 2; count++) await streams.heartbeat();
      return streams.count() - before;
    };
    assert.equal(await poll(), 0);
    try {
      app.clock.now += 6 * DAY;
      assert.equal(await poll(), -1);
      await byKey.ended;
      app.clock.now += 2 * DAY;
      assert.equal(await poll(), -2);
      await bySession.ended;
    } finally {
      app.clock.now -= 8 * DAY;
    }
    const eventId = await app.accept({ type: "order.paid" });
    await staying.until(() => rowsOf(staying, "event", eventId).length > 0);
  });

  it("ends when the person is no longer a member, but not for another workspace of the same session", async () => {
    const { streams } = app.context.services;
    const { services, store } = app.context;
    const email = "eve@example.com";
    const user = { email, name: "Eve", password: PASSWORD, role: "admin" } as const;
    const { userId } = await createUser({ ...services.access.sessions, db: store.db }, user, {
      kind: "cli",
      address: null,
    });
    const eve = new ApiClient(app.url);
    await eve.post("/api/session", { email, password: PASSWORD });
    const headers = { cookie: eve.cookie ?? "" };
    const first = await open("", headers, null);
    assert.equal((await eve.post("/api/workspaces", { name: "Own" })).status, 201);
    const own = await open("", headers, null);
    assert.deepEqual([first.status, own.status], [200, 200]);
    const before = streams.count();
    await store.db
      .deleteFrom("members")
      .where("user_id", "=", userId)
      .where("workspace_id", "=", app.workspaceId)
      .execute();
    for (let count = 0; count < 2; count++) await streams.heartbeat();
    await first.ended;
    assert.equal(streams.count(), before - 1);
    own.close();
  });

  it("requires credentials and valid parameters", async () => {
    assert.equal((await open("", {}, null)).status, 401);
    assert.equal((await open("", {}, "os_unknown")).status, 401);
    assert.equal((await api.get("/api/stream?connection_id=nonsense")).status, 422);
    assert.equal((await api.get("/api/stream?unknown=1")).status, 422);
    assert.equal((await api.post("/api/stream", {})).status, 405);
  });

  it("responds to HEAD without opening a stream", async () => {
    const { streams } = app.context.services;
    const before = streams.count();
    const head = await api.send("HEAD", "/api/stream");
    assert.equal(head.status, 200);
    assert.equal(head.headers.get("content-type"), "text/event-stream");
    assert.equal(head.headers.get("content-length"), null);
    assert.equal(streams.count(), before);
    assert.equal((await new ApiClient(app.url).send("HEAD", "/api/stream")).status, 401);
  });

  it("allows twenty streams per key, and sends Retry-After beyond that", async () => {
    const { key } = await app.makeKey(app.workspaceId);
    const streams = await Promise.all(Array.from({ length: 20 }, () => open("", {}, key)));
    assert.ok(streams.every(({ status }) => status === 200));
    const refused = await open("", {}, key);
    assert.equal(refused.status, 429);
    assert.equal(JSON.parse(refused.body).code, "rate_limited");
    assert.ok(Number(refused.headers.get("retry-after")) > 0);
    const other = await open("", {}, (await app.makeKey(app.workspaceId)).key);
    assert.equal(other.status, 200);
    const before = app.context.services.streams.count();
    streams[0]?.close();
    await until(() => app.context.services.streams.count() < before);
    assert.equal((await open("", {}, key)).status, 200);
  });

  it("leaves streams for other workspaces, however many keys one workspace uses", async () => {
    const { streams } = app.context.services;
    await until(() => streams.count() === 0);
    const openAll = async (workspaceId: string) => {
      for (;;) {
        const { key } = await app.makeKey(workspaceId);
        for (let own = 0; own < 20; own++) {
          const stream = await open("", {}, key);
          if (stream.status !== 200) return stream;
        }
      }
    };
    const refused = await openAll(app.workspaceId);
    assert.deepEqual([refused.status, streams.count()], [429, 40]);
    const problem = JSON.parse(refused.body);
    assert.equal(problem.code, "rate_limited");
    assert.match(problem.detail, /^This workspace has 40 streams open; of the 160 still free .* Close one/);
    assert.ok(Number(refused.headers.get("retry-after")) > 0);
    assert.equal((await openAll(await app.makeWorkspace())).status, 429);
    assert.equal(streams.count(), 72);
    const newcomer = await app.makeKey(await app.makeWorkspace());
    assert.equal((await open("", {}, newcomer.key)).status, 200);
  });

  // Buffering does not depend on the database.
  const itOnSqlite = dialect === "sqlite" ? it : () => undefined;
  itOnSqlite(
    "buffers little for a stalled reader, resets it when it continues, and disconnects it when it never does",
    async () => {
      const { streams } = app.context.services;
      await until(() => streams.count() === 0);
      const ids: string[] = [];
      for (let index = 0; index < 20; index++) ids.push(await connect());
      const watching = await open();
      const socket = connectSocket(Number(new URL(app.url).port), "127.0.0.1");
      socket.pause();
      let response = "";
      socket.setEncoding("utf8").on("data", (chunk: string) => {
        response += chunk;
      });
      socket.write(`GET /api/stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${api.key}\r\n\r\n`);
      await until(() => streams.count() === 2);
      let sent = 0;
      const description = "x".repeat(100_000);
      await app.context.store.db
        .updateTable("connections")
        .set({ description })
        .where("id", "in", ids)
        .execute();
      for (let round = 0; round < 20; round++) {
        const before = watching.events.length;
        app.context.changes.publish(app.workspaceId, "connection", ids);
        await watching.until(() => watching.events.length === before + ids.length);
        sent += ids.length * description.length;
      }
      // Enough changes that the slow reader has to be reset.
      await app.context.services.acceptor.accept({
        workspaceId: app.workspaceId,
        events: Array.from({ length: 201 }, () => ({
          id: null,
          createdAt: null,
          type: "many.more",
          dataJson: "{}",
        })),
        idempotency: null,
        traceContext: null,
      });
      await watching.until(() => watching.events.at(-1)?.type === "reset");
      socket.resume();
      await until(() => response.includes("event: reset"));
      assert.ok(
        response.length < sent / 2,
        `${response.length} of ${sent} were sent to a reader that took nothing`,
      );

      socket.pause();
      for (let round = 0; round < 20; round++) {
        const before = watching.events.length;
        app.context.changes.publish(app.workspaceId, "connection", ids);
        await watching.until(() => watching.events.length === before + ids.length);
      }
      for (let count = 0; count < 4; count++) await streams.heartbeat();
      assert.equal(streams.count(), 1);
      socket.destroy();
    },
  );

  it("does not keep the server from stopping, read or not", async () => {
    const other = await serveTestApp(database);
    const stream = await openEventStream(`${other.url}/api/stream`, {
      authorization: `Bearer ${other.api.key}`,
    });
    const socket = connectSocket(Number(new URL(other.url).port), "127.0.0.1");
    socket.pause();
    socket.write(`GET /api/stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${other.api.key}\r\n\r\n`);
    // Browsers open connections before they have a request to send.
    const silent = connectSocket(Number(new URL(other.url).port), "127.0.0.1");
    await until(() => other.context.services.streams.count() === 2 && !silent.connecting);
    await other.closeServer();
    await stream.ended;
    assert.equal(other.context.services.streams.count(), 0);
    socket.destroy();
    await other.close();
  });

  it("shows every object once if a change names one twice", async () => {
    const stream = await open();
    const connectionId = await connect();
    app.context.changes.publish(app.workspaceId, "connection", [connectionId, connectionId, newId()]);
    await stream.until(() => rowsOf(stream, "connection", connectionId).length > 0);
    const eventId = await app.accept({ type: "order.paid" });
    await stream.until(() => rowsOf(stream, "event", eventId).length > 0);
    const ids = stream.events.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });
});
