import { median } from "../rig/median.ts";
import type { Rig } from "../rig/rig.ts";
import type { Item } from "../rig/table.ts";

/** Concurrent requests: the program's default per connection, and in total as many as two cores can handle. */
const IN_FLIGHT_PER_CONNECTION = 10;
const IN_FLIGHT_MAX = 512;

const SENDS = { quick: 5_000, whole: 30_000 } as const;

/** Signed POSTs per second, with the program's concurrency. */
export async function measureCeiling(
  { ceiling, receiver, receiverUrl, options }: Rig,
  connections: number,
  by: "undici" | "egress" = "undici",
): Promise<{ readonly perSecond: number; readonly cpuSecondsPer1000: number }> {
  await receiver.call("begin", { keepsLatencies: false });
  const { sends, seconds, cpuSeconds } = await ceiling.call("run", {
    receiverUrl,
    connections,
    concurrency: Math.min(connections * IN_FLIGHT_PER_CONNECTION, IN_FLIGHT_MAX),
    sends: options.isQuick ? SENDS.quick : SENDS.whole,
    by,
  });
  return { perSecond: sends / seconds, cpuSecondsPer1000: (cpuSeconds / sends) * 1000 };
}

/** 1. The requests that one process can sign and send without a database. */
export async function runCeiling(rig: Rig): Promise<Item> {
  const rows = [];
  const rounds = [];
  for (const connections of rig.options.connections) {
    for (const by of ["undici", "egress"] as const) {
      rig.say(`ceiling: ${connections} connections by ${by}`);
      await measureCeiling(rig, connections, by);
      const results = [];
      for (let round = 0; round < rig.options.rounds; round++)
        results.push(await measureCeiling(rig, connections, by));
      rows.push({
        connections,
        by,
        "POSTs/s": median(results.map(({ perSecond }) => perSecond)),
        "CPU s/1000": median(results.map(({ cpuSecondsPer1000 }) => cpuSecondsPer1000)),
      });
      rounds.push({ connections, by, results });
    }
  }
  return { title: "1. Ceiling: signed POSTs from one process, no database", rows, rounds };
}
