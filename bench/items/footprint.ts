import { setTimeout } from "node:timers/promises";
import { median, medianKnown } from "../rig/median.ts";
import type { Rig } from "../rig/rig.ts";
import { cellsOf, describeVariant, makeConnections, openSubject, type Subject } from "../rig/subject.ts";
import type { Item } from "../rig/table.ts";
import { measureEndToEnd } from "./end-to-end.ts";

const CONNECTIONS = 10;
/** Long enough for the program to have stored its compiled code and to be idle. */
const IDLE_MS = 5_000;
const POLL_MS = 2;

type Start = { readonly readyMs: number; readonly cpuMs: number | null; readonly idleMb: number | null };

/**
 * 8. From the launch until `/api/ready` returns 200 on an existing database, and the memory when idle and under load.
 */
export async function runFootprint(rig: Rig): Promise<Item> {
  const rows = [];
  const rounds = [];
  for (const variant of rig.options.variants.filter(({ workers }) => workers === 1)) {
    rig.say(`footprint: ${describeVariant(variant)}`);
    const subject = await openSubject(variant);
    await makeConnections(subject, rig.receiverUrl, CONNECTIONS);
    // The first start stores the compiled code that later starts load.
    await measureStart(subject);
    const starts: Start[] = [];
    for (let round = 0; round < rig.options.rounds; round++) starts.push(await measureStart(subject));
    const single = await measureEndToEnd(rig, subject, { connections: CONNECTIONS, form: "single" });
    const batch = await measureEndToEnd(rig, subject, { connections: CONNECTIONS, form: "batch" });
    rows.push({
      ...cellsOf(variant),
      "ready ms": median(starts.map(({ readyMs }) => readyMs)),
      "CPU ms": medianKnown(starts.map(({ cpuMs }) => cpuMs)),
      "MB idle": medianKnown(starts.map(({ idleMb }) => idleMb)),
      "MB peak, single": single.peakMb,
      "MB peak, batch": batch.peakMb,
    });
    rounds.push({ variant, starts, single, batch });
    await subject.stop();
    await subject.remove();
  }
  return { title: "8. Start and memory", rows, rounds };
}

async function measureStart(subject: Subject): Promise<Start> {
  let startedAt = 0;
  await subject.restart(async () => {
    startedAt = performance.now();
  });
  while (!(await fetch(`${subject.url}/api/ready`)).ok) await setTimeout(POLL_MS);
  const readyMs = performance.now() - startedAt;
  const { programCpuSeconds } = await subject.counts();
  await setTimeout(IDLE_MS);
  return {
    readyMs,
    cpuMs: programCpuSeconds === null ? null : programCpuSeconds * 1000,
    idleMb: subject.memory()?.residentMb ?? null,
  };
}
