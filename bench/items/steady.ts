import { between, type Counts, medianPer1000 } from "../rig/counter.ts";
import { median, quantile } from "../rig/median.ts";
import { awaitReceipts, type Rig } from "../rig/rig.ts";
import { cellsOf, describeVariant, makeConnections, openSubject, type Subject } from "../rig/subject.ts";
import type { Item } from "../rig/table.ts";
import { measureEndToEnd } from "./end-to-end.ts";

const CONNECTIONS = 10;
const RATES = [50, 200, 1000] as const;
const DURATION_MS = { quick: 3_000, whole: 15_000 } as const;
const WARM_UP_MS = 3_000;
const MB = 1024 * 1024;

type SteadyRound = {
  readonly perSecond: number;
  /** Milliseconds from the post to its response, and from the server's time of acceptance to the receipt. */
  readonly acknowledged: readonly number[];
  readonly sinceAccepted: readonly number[];
  readonly spent: Counts;
  readonly count: number;
};

/**
 * 7. Single events at fixed rates that most instances never exceed: how long each takes, and the cost of a thousand.
 */
export async function runSteady(rig: Rig): Promise<Item> {
  const rows = [];
  const rounds = [];
  for (const variant of rig.options.variants) {
    rig.say(`steady: ${describeVariant(variant)}`);
    const subject = await openSubject(variant);
    await makeConnections(subject, rig.receiverUrl, CONNECTIONS);
    // Warms up the program: at these rates its code would be compiled for most of the measurement.
    await measureEndToEnd(rig, subject, { connections: CONNECTIONS, form: "single" });
    for (const rate of RATES) {
      await measureSteady(rig, subject, rate, WARM_UP_MS);
      const results: SteadyRound[] = [];
      const durationMs = rig.options.isQuick ? DURATION_MS.quick : DURATION_MS.whole;
      for (let round = 0; round < rig.options.rounds; round++)
        results.push(await measureSteady(rig, subject, rate, durationMs));
      const of = (name: "acknowledged" | "sinceAccepted", part: number) =>
        median(results.map((one) => quantile(one[name], part)));
      const written = medianPer1000(results, "writtenBytes");
      rows.push({
        ...cellsOf(variant),
        rate,
        "events/s": median(results.map((one) => one.perSecond)),
        "acknowledged p50 ms": of("acknowledged", 0.5),
        "acknowledged p99 ms": of("acknowledged", 0.99),
        "received p50 ms": of("sinceAccepted", 0.5),
        "received p99 ms": of("sinceAccepted", 0.99),
        "CPU s/1000": medianPer1000(results, "programCpuSeconds"),
        "db CPU s/1000": medianPer1000(results, "databaseCpuSeconds"),
        "commits/1000": medianPer1000(results, "commits"),
        "MB written/1000": written === null ? null : written / MB,
      });
      rounds.push({ variant, rate, results: results.map(({ perSecond, spent }) => ({ perSecond, spent })) });
    }
    await subject.stop();
    await subject.remove();
  }
  return { title: "7. Single events at a steady rate", rows, rounds };
}

/** Sends single events at a rate for some time, and waits until all have arrived. */
export async function measureSteady(
  rig: Rig,
  subject: Subject,
  ratePerSecond: number,
  durationMs: number,
): Promise<SteadyRound> {
  const { load, receiver } = rig;
  const { url, key } = subject;
  await receiver.call("begin", { keepsLatencies: true });
  const before = await subject.counts();
  const sent = await load.call("openLoop", { url, key, connections: CONNECTIONS, ratePerSecond, durationMs });
  await awaitReceipts(rig, subject, sent.events);
  const spent = between(before, await subject.counts());
  const { sinceAccepted } = await receiver.call("latencies", null);
  return {
    perSecond: (sent.events / (sent.endedAt - sent.startedAt)) * 1000,
    acknowledged: sent.responseMs,
    sinceAccepted,
    spent,
    count: sent.events,
  };
}
