import { between, medianPer1000 } from "../rig/counter.ts";
import { median } from "../rig/median.ts";
import type { Rig } from "../rig/rig.ts";
import { cellsOf, makeConnections, openSubject } from "../rig/subject.ts";
import type { Item } from "../rig/table.ts";

const CONNECTIONS = 10;
const CASES = [
  { form: "single", clients: 64, events: { quick: 4_000, whole: 30_000 } },
  { form: "batch", clients: 8, events: { quick: 10_000, whole: 100_000 } },
] as const;

/** 2. Durable events per second, each with one delivery, which stays pending because its connection is paused. */
export async function runAccept(rig: Rig): Promise<Item> {
  const rows = [];
  const rounds = [];
  for (const variant of rig.options.variants.filter(({ workers }) => workers === 1)) {
    const subject = await openSubject(variant);
    for (const id of await makeConnections(subject, rig.receiverUrl, CONNECTIONS)) {
      const paused = await subject.api.post(`/api/integrations/connections/${id}/pause`);
      if (paused.status !== 200) throw new Error(`pausing returned ${paused.status}: ${paused.text}`);
    }
    for (const { form, clients, events } of CASES) {
      rig.say(`accept: ${variant.database}, ${form}`);
      const measure = async () => {
        const before = await subject.counts();
        const accepted = await rig.load.call("closedLoop", {
          url: subject.url,
          key: subject.key,
          connections: CONNECTIONS,
          form,
          clients,
          events: rig.options.isQuick ? events.quick : events.whole,
        });
        const spent = between(before, await subject.counts());
        const seconds = (accepted.endedAt - accepted.startedAt) / 1000;
        return { count: accepted.events, perSecond: accepted.events / seconds, spent };
      };
      await measure();
      const results: Awaited<ReturnType<typeof measure>>[] = [];
      for (let round = 0; round < rig.options.rounds; round++) results.push(await measure());
      rows.push({
        ...cellsOf(variant),
        posts: form,
        clients,
        "events/s": median(results.map(({ perSecond }) => perSecond)),
        "CPU s/1000": medianPer1000(results, "programCpuSeconds"),
        "db CPU s/1000": medianPer1000(results, "databaseCpuSeconds"),
        "commits/1000": medianPer1000(results, "commits"),
      });
      rounds.push({ variant, form, clients, results });
    }
    await subject.stop();
    await subject.remove();
  }
  return { title: "2. Accept: events committed, each with a delivery that waits", rows, rounds };
}
