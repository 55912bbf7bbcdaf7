import { between, type Counts, medianPer1000 } from "../rig/counter.ts";
import { median } from "../rig/median.ts";
import { awaitReceipts, type Rig } from "../rig/rig.ts";
import {
  cellsOf,
  describeVariant,
  makeConnections,
  openSubject,
  type Subject,
  type Variant,
} from "../rig/subject.ts";
import type { Item } from "../rig/table.ts";
import { measureCeiling } from "./ceiling.ts";

export type Form = "single" | "batch";

/** Concurrent clients; a few are enough for batches, which are accepted faster than they can be delivered. */
const CLIENTS = { single: 64, batch: 4 } as const;
const EVENTS = { quick: 4_000, whole: 30_000 } as const;

export type EndToEndRound = {
  readonly deliveriesPerSecond: number;
  readonly acceptedPerSecond: number;
  readonly spent: Counts;
  readonly count: number;
  readonly residentMb: number | null;
  readonly peakMb: number | null;
};

/** From the first post to the last receipt, with one connection for each event. */
export async function measureEndToEnd(
  rig: Rig,
  subject: Subject,
  input: { readonly connections: number; readonly form: Form; readonly events?: number },
): Promise<EndToEndRound> {
  const { load, receiver, options } = rig;
  const { connections, form } = input;
  const events = input.events ?? (options.isQuick ? EVENTS.quick : EVENTS.whole);
  await receiver.call("begin", { keepsLatencies: false });
  const before = await subject.counts();
  const [accepted, receipts] = await Promise.all([
    load.call("closedLoop", {
      url: subject.url,
      key: subject.key,
      connections,
      form,
      clients: CLIENTS[form],
      events,
    }),
    awaitReceipts(rig, subject, events),
  ]);
  const spent = between(before, await subject.counts());
  const memory = subject.memory();
  return {
    deliveriesPerSecond: (receipts.count / (receipts.lastAt - accepted.startedAt)) * 1000,
    acceptedPerSecond: (accepted.events / (accepted.endedAt - accepted.startedAt)) * 1000,
    spent,
    count: receipts.count,
    residentMb: memory?.residentMb ?? null,
    peakMb: memory?.peakMb ?? null,
  };
}

type Pair = EndToEndRound & { readonly ceilingPerSecond: number; readonly share: number };

/** 3 and 6. End to end, alternating with the ceiling, so that each ratio is to the machine's speed just before. */
export async function runEndToEnd(rig: Rig): Promise<Item> {
  const rows = [];
  const rounds = [];
  for (const variant of rig.options.variants) {
    for (const connections of rig.options.connections) {
      const subject = await openSubject(variant);
      await makeConnections(subject, rig.receiverUrl, connections);
      for (const form of ["batch", "single"] as const) {
        rig.say(`end to end: ${describeVariant(variant)}, ${connections} connections, ${form}`);
        const pairs = await measurePairs(rig, subject, connections, form);
        rows.push(toRow(variant, connections, form, pairs));
        rounds.push({ variant, connections, form, pairs });
      }
      await subject.stop();
      await subject.remove();
    }
  }
  return { title: "3. End to end: from the first accept to the last receipt", rows, rounds };
}

async function measurePairs(rig: Rig, subject: Subject, connections: number, form: Form): Promise<Pair[]> {
  // The first round compiles code, opens connections and fills caches.
  await measureCeiling(rig, connections);
  await measureEndToEnd(rig, subject, { connections, form });
  const pairs: Pair[] = [];
  for (let round = 0; round < rig.options.rounds; round++) {
    const { perSecond } = await measureCeiling(rig, connections);
    const measured = await measureEndToEnd(rig, subject, { connections, form });
    const share = measured.deliveriesPerSecond / perSecond;
    pairs.push({ ...measured, ceilingPerSecond: perSecond, share });
  }
  return pairs;
}

function toRow(variant: Variant, connections: number, form: Form, pairs: readonly Pair[]) {
  return {
    ...cellsOf(variant),
    connections,
    posts: form,
    "deliveries/s": median(pairs.map((pair) => pair.deliveriesPerSecond)),
    "ceiling/s": median(pairs.map((pair) => pair.ceilingPerSecond)),
    "share %": median(pairs.map((pair) => pair.share)) * 100,
    "accepted/s": median(pairs.map((pair) => pair.acceptedPerSecond)),
    "CPU s/1000": medianPer1000(pairs, "programCpuSeconds"),
    "db CPU s/1000": medianPer1000(pairs, "databaseCpuSeconds"),
    "commits/1000": medianPer1000(pairs, "commits"),
    "MB first": pairs[0]?.residentMb ?? null,
    "MB last": pairs.at(-1)?.residentMb ?? null,
    "MB peak": pairs.at(-1)?.peakMb ?? null,
  };
}
