import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { type CollectedSpan, startCollector } from "../support/collector.ts";
import { forEachDatabase, makeSqlite } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { freePort } from "../support/server.ts";
import { until } from "../support/until.ts";

const TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN_ID = "00f067aa0ba902b7";
const SIGNING_SECRET = "a-signing-secret-of-these-tests";
const COLLECTOR_KEY = "a-key-of-the-collector";
const PAYLOAD = "payload-that-nobody-may-see";

let receiver: TestReceiver;
beforeEach(async () => {
  receiver = await startTestReceiver();
});
afterEach(() => receiver.close());

async function connectTo(instance: TestInstance, path: string): Promise<string> {
  const created = await instance.api.post("/api/integrations/webhook", {
    name: "Receiver",
    webhook_url: `${receiver.url}${path}`,
    signing_secret: SIGNING_SECRET,
    event_types: ["*"],
  });
  assert.equal(created.status, 201, created.text);
  return created.body.data.id;
}

async function send(instance: TestInstance, headers: Record<string, string> = {}): Promise<string> {
  const sent = await instance.api.post("/api/events", { type: "order.paid", data: { PAYLOAD } }, headers);
  assert.equal(sent.status, 202, sent.text);
  return sent.body.data.id;
}

/** The only span with this name. */
function find(spans: readonly CollectedSpan[], name: string): CollectedSpan {
  const found = spans.filter((span) => span.name === name);
  assert.equal(found.length, 1, name);
  return found[0] as CollectedSpan;
}

forEachDatabase((makeDatabase) => {
  describe("traces", () => {
    it("continue the sender's trace, contain ids but no credentials, and do not change the request to the receiver", async () => {
      const collector = await startCollector();
      const instance = await startInstance(makeDatabase, {
        OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/otlp`,
        OTEL_EXPORTER_OTLP_HEADERS: `x-collector-key=${COLLECTOR_KEY}`,
        OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test",
      });
      try {
        const connectionId = await connectTo(instance, "/hook-with-a-token");
        const traceparent = `00-${TRACE_ID}-${SPAN_ID}-01`;
        const id = await send(instance, { traceparent, tracestate: "congo=t61rcWkgMzE" });
        await until(() => receiver.received.length === 1, "the event is delivered");
        await instance.server.stop();
        const spans = collector.spans();
        const [accept, whole] = [find(spans, "accept"), find(spans, "deliver")];
        assert.deepEqual(
          [accept, whole].map(({ parentSpanId }) => parentSpanId),
          [SPAN_ID, SPAN_ID],
        );
        for (const name of ["sign", "send", "record"]) {
          assert.equal(find(spans, name).parentSpanId, whole.spanId, name);
        }
        assert.ok(spans.every(({ traceId }) => traceId === TRACE_ID));
        assert.ok(spans.every(({ nanoseconds }) => nanoseconds >= 0n));
        assert.equal(accept.attributes["opensend.event_id"], id);
        assert.equal(whole.attributes["opensend.event_id"], id);
        assert.equal(whole.attributes["opensend.connection_id"], connectionId);
        assert.equal(whole.attributes["opensend.result"], "delivered");
        assert.equal(find(spans, "send").attributes["http.response.status_code"], 200);
        assert.equal(collector.resource()["service.name"], "opensend");
        assert.equal(collector.resource()["deployment.environment.name"], "test");
        for (const { path, headers, body } of collector.requests) {
          assert.equal(path, "/otlp/v1/traces");
          assert.equal(headers["x-collector-key"], COLLECTOR_KEY);
          for (const hidden of [PAYLOAD, SIGNING_SECRET, "hook-with-a-token", receiver.url.slice(7)]) {
            assert.ok(!body.includes(hidden), hidden);
          }
        }
        assert.ok(!instance.server.output().includes(COLLECTOR_KEY));
        assert.deepEqual(
          receiver.received.map(({ headers }) => [headers["traceparent"], headers["tracestate"]]),
          [[traceparent, "congo=t61rcWkgMzE"]],
        );
      } finally {
        await instance.remove();
        await collector.close();
      }
    });

    it("begin with an event without a trace, and show each attempt's outcome", async () => {
      const collector = await startCollector();
      const instance = await startInstance(makeDatabase, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
      try {
        await connectTo(instance, "/hook");
        receiver.respond = (response) => response.writeHead(503).end();
        await send(instance);
        await until(() => receiver.received.length === 1, "the event is sent");
        await instance.server.stop();
        const spans = collector.spans();
        const accept = find(spans, "accept");
        const whole = find(spans, "deliver");
        assert.equal(accept.parentSpanId, "");
        assert.equal(whole.traceId, accept.traceId);
        assert.equal(whole.parentSpanId, accept.spanId);
        assert.equal(whole.attributes["opensend.result"], "retry");
        assert.equal(whole.attributes["error.type"], "http_status");
        assert.equal(whole.statusCode, 2);
        assert.equal(
          receiver.received[0]?.headers["traceparent"],
          `00-${accept.traceId}-${accept.spanId}-01`,
        );
      } finally {
        await instance.remove();
        await collector.close();
      }
    });
  });
});

describe("traces", () => {
  it("follow the sender's sampling decision, or the sampler without one", async () => {
    const collector = await startCollector();
    const instance = await startInstance(makeSqlite, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
      OTEL_TRACES_SAMPLER_ARG: "0",
    });
    try {
      await connectTo(instance, "/hook");
      await send(instance);
      await send(instance, { traceparent: `00-${TRACE_ID}-${SPAN_ID}-00` });
      await send(instance, { traceparent: `00-${"a".repeat(32)}-${SPAN_ID}-01` });
      await until(() => receiver.received.length === 3, "the events are delivered");
      await instance.server.stop();
      assert.deepEqual([...new Set(collector.spans().map(({ traceId }) => traceId))], ["a".repeat(32)]);
      assert.equal(collector.spans().length, 5);
    } finally {
      await instance.remove();
      await collector.close();
    }
  });

  it("that cannot be exported delay nothing, and are reported once in the log", async () => {
    const instance = await startInstance(makeSqlite, {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=${COLLECTOR_KEY}`,
    });
    try {
      await connectTo(instance, "/hook");
      const events = Array.from({ length: 1000 }, () => ({ type: "order.paid", data: {} }));
      for (let round = 0; round < 3; round++) {
        assert.equal((await instance.api.post("/api/events/batch", events)).status, 202);
      }
      await until(() => receiver.received.length === 3000, "all events are delivered");
      const stoppedAt = performance.now();
      assert.equal(await instance.server.stop(), 0);
      assert.ok(performance.now() - stoppedAt < 12_000, "it does not wait for the collector for long");
      const output = instance.server.output();
      assert.equal(output.match(/traces could not be exported/g)?.length, 1, output);
      assert.match(output, /"reason":"ECONNREFUSED"/);
      assert.ok(!output.includes(COLLECTOR_KEY));
    } finally {
      await instance.remove();
    }
  });

  it("are off without a collector, and when OpenTelemetry is disabled", async () => {
    const collector = await startCollector();
    const instance = await startInstance(makeSqlite, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_SDK_DISABLED: "true",
    });
    try {
      await connectTo(instance, "/hook");
      await send(instance);
      await until(() => receiver.received.length === 1, "the event is delivered");
      await instance.server.stop();
      assert.deepEqual(collector.requests, []);
      assert.equal(receiver.received[0]?.headers["traceparent"], undefined);
    } finally {
      await instance.remove();
      await collector.close();
    }
  });
});
