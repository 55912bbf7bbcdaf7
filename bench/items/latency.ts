import { median, quantile } from "../rig/median.ts";
import { awaitReceipts, type Rig } from "../rig/rig.ts";
import { cellsOf, describeVariant, makeConnections, openSubject, type Subject } from "../rig/subject.ts";
import type { Item } from "../rig/table.ts";
import { measureEndToEnd } from "./end-to-end.ts";

const CONNECTIONS = 10;
const SHARE_OF_CAPACITY = 1 / 3;
const DURATION_MS = { quick: 3_000, whole: 15_000 } as const;
const WARM_UP_MS = 2_000;

type Quantiles = { readonly p50: number; readonly p99: number; readonly p999: number };

type LatencyRound = {
  readonly perSecond: number;
  /** Milliseconds since the start of the post, and since the server's time of acceptance. */
  readonly sincePosted: Quantiles;
  readonly sinceAccepted: Quantiles;
};

/** 4. Single events at a fixed rate: a third of the throughput with 64 clients posting as fast as possible. */
export async function runLatency(rig: Rig): Promise<Item> {
  const rows = [];
  const rounds = [];
  for (const variant of rig.options.variants) {
    rig.say(`latency: ${describeVariant(variant)}`);
    const subject = await openSubject(variant);
    await makeConnections(subject, rig.receiverUrl, CONNECTIONS);
    const full = { connections: CONNECTIONS, form: "single" } as const;
    await measureEndToEnd(rig, subject, full);
    const { deliveriesPerSecond: capacity } = await measureEndToEnd(rig, subject, full);
    const ratePerSecond = capacity * SHARE_OF_CAPACITY;
    await measureLatency(rig, subject, ratePerSecond, WARM_UP_MS);
    const results: LatencyRound[] = [];
    const durationMs = rig.options.isQuick ? DURATION_MS.quick : DURATION_MS.whole;
    for (let round = 0; round < rig.options.rounds; round++)
      results.push(await measureLatency(rig, subject, ratePerSecond, durationMs));
    for (const since of ["sincePosted", "sinceAccepted"] as const) {
      rows.push({
        ...cellsOf(variant),
        since: since === "sincePosted" ? "post begun" : "accepted",
        "capacity/s": capacity,
        "events/s": median(results.map((one) => one.perSecond)),
        "p50 ms": median(results.map((one) => one[since].p50)),
        "p99 ms": median(results.map((one) => one[since].p99)),
        "p99.9 ms": median(results.map((one) => one[since].p999)),
      });
    }
    rounds.push({ variant, capacity, results });
    await subject.stop();
    await subject.remove();
  }
  return { title: "4. Latency until the receipt, at a third of the capacity of single posts", rows, rounds };
}

async function measureLatency(
  rig: Rig,
  subject: Subject,
  ratePerSecond: number,
  durationMs: number,
): Promise<LatencyRound> {
  const { load, receiver } = rig;
  const { url, key } = subject;
  await receiver.call("begin", { keepsLatencies: true });
  const sent = await load.call("openLoop", { url, key, connections: CONNECTIONS, ratePerSecond, durationMs });
  await awaitReceipts(rig, subject, sent.events);
  const { sincePosted, sinceAccepted } = await receiver.call("latencies", null);
  return {
    perSecond: (sent.events / (sent.endedAt - sent.startedAt)) * 1000,
    sincePosted: quantiles(sincePosted),
    sinceAccepted: quantiles(sinceAccepted),
  };
}

function quantiles(values: readonly number[]): Quantiles {
  return { p50: quantile(values, 0.5), p99: quantile(values, 0.99), p999: quantile(values, 0.999) };
}
