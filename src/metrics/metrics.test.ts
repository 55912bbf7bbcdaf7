import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createMetrics } from "./metrics.ts";

const DELIVERED = {
  trigger: "schedule",
  result: "delivered",
  status: 204,
  errorCode: null,
  durationMs: 40,
  sinceAcceptedMs: 60,
} as const;

type Connections = Parameters<typeof createMetrics>[1];

const NO_CONNECTIONS = { readBacklogs: async () => [], perConnection: false };

function metricsOf(
  state: Partial<Parameters<typeof createMetrics>[0]> = {},
  connections = NO_CONNECTIONS as Connections,
) {
  const whole = {
    version: "1.2.3",
    now: () => 10_000,
    readQueue: async () => ({ pending: 7, oldestDueAt: 4_000 }),
    inFlight: () => 3,
    lastHeartbeatAt: () => 9_000,
    readWork: () => ({ claim: true, record: false }),
    ...state,
  };
  return createMetrics(whole, connections);
}

describe("metrics", () => {
  it("count attempts by the class of the response or the reason there was none, and by nothing else", async () => {
    const metrics = metricsOf();
    const { attempted } = metrics.observer;
    attempted(DELIVERED);
    attempted({ ...DELIVERED, status: 503, errorCode: "http_status", result: "retry" });
    attempted({ ...DELIVERED, status: null, errorCode: "timeout", result: "retry" });
    attempted({ ...DELIVERED, status: null, errorCode: "blocked_address", result: "failed" });
    attempted({ ...DELIVERED, status: 999, errorCode: "invented-by-nobody", result: "retry" });
    const series = await read(metrics);
    assert.equal(series('opensend_attempts_total{outcome="2xx"}'), 1);
    assert.equal(series('opensend_attempts_total{outcome="3xx"}'), 0);
    assert.equal(series('opensend_attempts_total{outcome="5xx"}'), 1);
    assert.equal(series('opensend_attempts_total{outcome="timeout"}'), 1);
    assert.equal(series('opensend_attempts_total{outcome="other"}'), 1);
    assert.equal(series('opensend_egress_refusals_total{reason="blocked_address"}'), 1);
    assert.equal(series('opensend_egress_refusals_total{reason="blocked_url"}'), 0);
    assert.equal(series("opensend_deliveries_delivered_total"), 1);
    assert.equal(series("opensend_deliveries_failed_total"), 1);
    assert.equal(series("opensend_attempt_duration_seconds_count"), 5);
    assert.equal(series('opensend_attempt_duration_seconds_bucket{le="0.025"}'), 0);
    assert.equal(series('opensend_attempt_duration_seconds_bucket{le="0.05"}'), 5);
  });

  it("measure deliveries from acceptance, without tests and manual retries", async () => {
    const metrics = metricsOf();
    metrics.observer.attempted(DELIVERED);
    metrics.observer.attempted({ ...DELIVERED, trigger: "manual" });
    metrics.observer.attempted({ ...DELIVERED, trigger: "test" });
    const series = await read(metrics);
    assert.equal(series("opensend_accept_to_delivered_seconds_count"), 1);
    assert.equal(series("opensend_accept_to_delivered_seconds_sum"), 0.06);
  });

  it("count events, superseded attempts, and commits by kind", async () => {
    const metrics = metricsOf();
    metrics.observer.accepted(20);
    metrics.observer.superseded(2);
    metrics.observer.committed("claim", 40, 3);
    const series = await read(metrics);
    assert.equal(series("opensend_events_accepted_total"), 20);
    assert.equal(series("opensend_attempts_superseded_total"), 2);
    assert.equal(series('opensend_commit_rows_sum{kind="claim"}'), 40);
    assert.equal(series('opensend_commit_duration_seconds_sum{kind="claim"}'), 0.003);
    assert.equal(series('opensend_commit_duration_seconds_count{kind="record"}'), 0);
  });

  it("report the current state when they are read", async () => {
    const series = await read(metricsOf());
    assert.equal(series("opensend_queue_depth"), 7);
    assert.equal(series("opensend_queue_oldest_age_seconds"), 6);
    assert.equal(series("opensend_requests_in_flight"), 3);
    assert.equal(series("opensend_worker_last_beat_timestamp_seconds"), 9);
    assert.equal(series('opensend_work_failing{work="claim"}'), 1);
    assert.equal(series('opensend_work_failing{work="record"}'), 0);
    assert.equal(series('opensend_build_info{version="1.2.3"}'), 1);
    assert.ok((series("process_resident_memory_bytes") ?? 0) > 1_000_000);
    assert.ok((series("process_cpu_seconds_total") ?? 0) > 0);
  });

  it("count failures by error code and status, with a limited number of statuses", async () => {
    const metrics = metricsOf();
    const { attempted } = metrics.observer;
    const failed = { ...DELIVERED, result: "retry", errorCode: "http_status" } as const;
    for (const status of [401, 401, 503]) attempted({ ...failed, status });
    attempted({ ...failed, status: null, errorCode: "timeout" });
    attempted({ ...failed, status: null, errorCode: "invented-by-nobody" });
    attempted(DELIVERED);
    for (let status = 504; status < 599; status++) attempted({ ...failed, status });
    const series = await read(metrics);
    const name = "opensend_attempt_failures_total";
    assert.equal(series(`${name}{error_code="http_status",response_status="401"}`), 2);
    assert.equal(series(`${name}{error_code="http_status",response_status="503"}`), 1);
    assert.equal(series(`${name}{error_code="timeout",response_status=""}`), 1);
    assert.equal(series(`${name}{error_code="other",response_status=""}`), 1);
    assert.ok((series(`${name}{error_code="http_status",response_status="5xx"}`) ?? 0) > 40);
  });

  it("report connections and their backlog by state, and individually only on request", async () => {
    const readBacklogs = async () => [
      { connectionId: "a", state: "failing", pending: 164, oldestAt: 3_000 },
      { connectionId: "b", state: "failing", pending: 2, oldestAt: 9_000 },
      { connectionId: "c", state: "paused", pending: 10, oldestAt: 1_000 },
      { connectionId: "d", state: "ok", pending: 0, oldestAt: null },
    ];
    const series = await read(metricsOf({}, { readBacklogs, perConnection: false }));
    assert.equal(series('opensend_connections{state="failing"}'), 2);
    assert.equal(series('opensend_connections{state="held"}'), 0);
    assert.equal(series('opensend_backlog_deliveries{state="failing"}'), 166);
    assert.equal(series('opensend_backlog_deliveries{state="paused"}'), 10);
    assert.equal(series('opensend_backlog_oldest_age_seconds{state="paused"}'), 9);
    assert.equal(series('opensend_backlog_oldest_age_seconds{state="ok"}'), 0);
    assert.equal(series('opensend_connection_backlog_deliveries{connection_id="a"}'), undefined);
    const each = await read(metricsOf({}, { readBacklogs, perConnection: true }));
    assert.equal(each('opensend_connection_backlog_deliveries{connection_id="a"}'), 164);
    assert.equal(each('opensend_connection_state{connection_id="c",state="paused"}'), 1);
    const down = await read(
      metricsOf({}, { readBacklogs: () => Promise.reject(new Error("gone")), perConnection: true }),
    );
    assert.ok(Number.isNaN(down('opensend_connections{state="failing"}')));
  });

  it("report the process's own values while the database does not respond", async () => {
    const metrics = metricsOf({ readQueue: async () => Promise.reject(new Error("gone")) });
    metrics.observer.accepted(1);
    const series = await read(metrics);
    assert.ok(Number.isNaN(series("opensend_queue_depth")));
    assert.equal(series("opensend_events_accepted_total"), 1);
  });

  it("follow Prometheus's naming conventions", async () => {
    const text = await metricsOf().read();
    const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = "", type = ""]) => ({
      name,
      type,
    }));
    assert.ok(types.length > 15);
    for (const { name, type } of types) {
      assert.match(name, /^(opensend|process|nodejs)_[a-z_]+$/);
      assert.equal(name.endsWith("_total"), type === "counter", name);
    }
  });
});

/** The values of all series, by name with labels. */
async function read(metrics: ReturnType<typeof metricsOf>): Promise<(series: string) => number | undefined> {
  const lines = (await metrics.read()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const values = new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(" ")),
      Number(line.slice(line.lastIndexOf(" ") + 1)),
    ]),
  );
  return (series) => values.get(series);
}
