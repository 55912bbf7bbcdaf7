import type { Attack } from "./attack.ts";
import { apiOf, connect, connectionIdsOf, postMany, setPaused } from "./attacker-api.ts";

const LATE = 5;
const DEAD_BACKLOG = { short: 10_000, whole: 100_000 } as const;
const LATE_BACKLOG = 1000;

/** A receiver that never responds and five that respond after five seconds, all with backlogs. */
export const deadReceivers: Attack = {
  title: "has dead and slow receivers with backlogs",
  prepare: async (attacker) => {
    const api = apiOf(attacker);
    const late = Array.from({ length: LATE }, (_, index) => `late.${index}`);
    await connect(api, { url: `${attacker.receiverUrl}/dead`, types: ["dead"] });
    for (const type of late)
      await connect(api, { url: `${attacker.receiverUrl}/late/${type}`, types: [type] });
    await setPaused(api, await connectionIdsOf(api), "pause");
    await postMany(api, "dead", attacker.isShort ? DEAD_BACKLOG.short : DEAD_BACKLOG.whole);
    for (const type of late) await postMany(api, type, LATE_BACKLOG);
  },
  start: async (attacker) => {
    const api = apiOf(attacker);
    const ids = await connectionIdsOf(api);
    await setPaused(api, ids, "resume");
    return async () => {
      await setPaused(api, ids, "pause");
      return { "connections that fail": ids.length };
    };
  },
};
