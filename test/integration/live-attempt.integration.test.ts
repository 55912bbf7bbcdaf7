import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { after, afterEach, before, it } from "node:test";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { type EventStream, openEventStream, type StreamEvent } from "../support/event-stream.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { type ServedApp, serveTestApp } from "../support/served-app.ts";
import { until } from "../support/until.ts";

forEachDatabase((makeDatabase) => {
  let database: TestDatabase;
  let app: ServedApp;
  let receiver: TestReceiver;
  let pendingResponses: ServerResponse[];
  let started = 0;
  const opened: EventStream[] = [];

  before(async () => {
    database = await makeDatabase();
    app = await serveTestApp(database);
    receiver = await startTestReceiver();
    pendingResponses = [];
    receiver.respond = (response) => pendingResponses.push(response);
  });
  afterEach(async () => {
    for (const response of pendingResponses.splice(0)) response.end();
    for (const stream of opened.splice(0)) stream.close();
    await app.context.engine.worker.tick();
  });
  after(async () => {
    await receiver.close();
    await app.close();
    await database.remove();
  });

  const open = async (query: string, key = app.api.key, lastId = ""): Promise<EventStream> => {
    const stream = await openEventStream(`${app.url}/api/stream${query}`, {
      authorization: `Bearer ${key}`,
      ...(lastId === "" ? {} : { "last-event-id": lastId }),
    });
    opened.push(stream);
    await stream.until(() => stream.lastId() !== "");
    return stream;
  };

  const attemptsOf = (stream: EventStream): StreamEvent["data"][] =>
    stream.events.filter(({ type }) => type === "attempt").map(({ data }) => data);
  const stagesOf = (stream: EventStream) => attemptsOf(stream).map(({ stage }) => stage);
  const waits = (stream: EventStream) => stream.until(() => stagesOf(stream).at(-1) === "first_byte");

  /** A delivery in flight whose receiver has not responded. */
  const startDelivery = async () => {
    const type = `order.n${++started}`;
    const connectionId = await app.connect({ webhookUrl: `${receiver.url}/hook`, eventTypes: [type] });
    await app.accept({ type });
    await until(() => pendingResponses.length === 1);
    return { connectionId, ...(await app.delivery(connectionId)) };
  };

  it("publishes the current stage of a delivery to a new stream, then the next stages, then its record", async () => {
    const { id, connectionId } = await startDelivery();
    const stream = await open(`?delivery_id=${id}`);
    await waits(stream);
    const [first] = attemptsOf(stream);
    assert.deepEqual(Object.keys(first).sort(), [
      "connection_id",
      "delivery_id",
      "number",
      "stage",
      "started_at",
      "timings",
      "trigger",
    ]);
    assert.deepEqual(
      [first.delivery_id, first.connection_id, first.number, first.trigger],
      [id, connectionId, 1, "schedule"],
    );
    assert.ok(first.timings.queued >= 0 && first.timings.sent >= 0 && first.timings.first_byte === null);

    pendingResponses[0]?.writeHead(200).write("half");
    await stream.until(() => stagesOf(stream).at(-1) === "body");
    assert.ok(attemptsOf(stream).at(-1).timings.first_byte >= 0);
    assert.ok(stream.events.every(({ data }) => data.status !== "delivered"));
    pendingResponses[0]?.end();
    await stream.until(() => stream.events.at(-1)?.data.status === "delivered");
    assert.deepEqual(stagesOf(stream).at(-1), "done");
    const { body } = await app.api.get(`/api/deliveries/${id}`);
    const [record] = body.data.attempts;
    assert.equal(record.started_at, first.started_at);
    assert.equal(record.timings.queued, first.timings.queued);
    assert.equal(record.timings.sent, first.timings.sent);
  });

  it("publishes all stages of a test to streams of its connection, and nothing of other deliveries", async () => {
    const { connectionId } = await startDelivery();
    const stream = await open(`?connection_id=${connectionId}`);
    const testing = app.api.post(`/api/integrations/connections/${connectionId}/test`);
    await waits(stream);
    // The request was sent, but may not have arrived yet.
    await until(() => pendingResponses.length === 2);
    pendingResponses.at(-1)?.end();
    const { body } = await testing;
    await stream.until(() => stagesOf(stream).at(-1) === "done");
    const attempts = attemptsOf(stream);
    assert.ok(attempts.every(({ trigger }) => trigger === "test"));
    assert.deepEqual(new Set(attempts.map(({ delivery_id: id }) => id)), new Set([body.delivery.id]));
  });

  it("publishes a retry as a separate attempt", async () => {
    const { id, connectionId } = await startDelivery();
    const stream = await open(`?delivery_id=${id}`);
    await waits(stream);
    pendingResponses.splice(0)[0]?.writeHead(500).end();
    await stream.until(() => stream.events.at(-1)?.data.status === "pending");
    app.clock.now += 1000;
    assert.equal((await app.api.post(`/api/deliveries/${id}/retry`)).status, 200);
    await stream.until(() => attemptsOf(stream).at(-1)?.number === 2);
    await waits(stream);
    await until(() => pendingResponses.length === 1);
    assert.equal(attemptsOf(stream).at(-1).trigger, "manual");
    assert.equal((await app.delivery(connectionId)).attempt_count, 1);
  });

  it("publishes the current stage and the missed changes to a stream that reconnects", async () => {
    const { id } = await startDelivery();
    const first = await open(`?delivery_id=${id}`);
    await waits(first);
    const lastId = first.lastId();
    first.close();
    await first.ended;
    pendingResponses[0]?.writeHead(200).write("half");
    const again = await open(`?delivery_id=${id}`, app.api.key, lastId);
    await again.until(() => stagesOf(again).includes("body"));
    const cut = again.lastId();
    again.close();
    await again.ended;
    pendingResponses[0]?.end();
    await until(async () => {
      const { body } = await app.api.get(`/api/deliveries/${id}`);
      return body.data.status === "delivered";
    });
    const last = await open(`?delivery_id=${id}`, app.api.key, cut);
    await last.until(() => last.events.at(-1)?.data.status === "delivered");
    // A stream that opens right after the end may still get the last stage.
    assert.ok(stagesOf(last).every((stage) => stage === "done"));
    assert.ok(last.events.every(({ type }) => type !== "reset"));
  });

  it("does not advance the stream's position", async () => {
    const { id } = await startDelivery();
    const stream = await open(`?delivery_id=${id}`);
    const before = stream.lastId();
    await waits(stream);
    assert.ok(attemptsOf(stream).length > 0);
    assert.equal(stream.events.find(({ type }) => type === "attempt")?.id, before);
  });

  it("publishes nothing to other workspaces or to streams of everything", async () => {
    const other = await app.makeKey(await app.makeWorkspace());
    const { id, connectionId } = await startDelivery();
    const unrelated = [
      await open(`?delivery_id=${id}`, other.key),
      await open(`?connection_id=${connectionId}`, other.key),
    ];
    const all = await open("");
    const mine = await open(`?delivery_id=${id}`);
    await waits(mine);
    const testing = app.api.post(`/api/integrations/connections/${connectionId}/test`);
    await until(() => pendingResponses.length === 2);
    for (const response of pendingResponses) response.end();
    await testing;
    await all.until(() => all.events.some(({ data }) => data.id === id && data.status === "delivered"));
    for (const stream of [...unrelated, all]) assert.deepEqual(attemptsOf(stream), []);
    for (const stream of unrelated) assert.deepEqual(stream.events, []);
  });

  it("has no listener for an attempt that no stream watches", async () => {
    const { claimed } = await signedOf(app);
    assert.equal(app.context.changes.stagesListener(claimed), null);
    const stream = await open(`?delivery_id=${claimed.delivery.id}`);
    assert.notEqual(app.context.changes.stagesListener(claimed), null);
    stream.close();
    await until(() => app.context.services.streams.count() === 0);
    assert.equal(app.context.changes.stagesListener(claimed), null);
  });

  /** The subject with which a worker asks for a listener, for a delivery in flight. */
  const signedOf = async ({ context: { senders } }: ServedApp) => {
    await startDelivery();
    const [one] = senders.egress.underWay();
    assert.ok(one?.subject !== undefined);
    return { claimed: one.subject };
  };
});
