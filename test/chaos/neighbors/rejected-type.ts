import { openPostClient } from "../../../bench/rig/post-client.ts";
import { REJECTED_TYPE } from "../behaviors.ts";
import { pause } from "../pause.ts";
import type { Attack } from "./attack.ts";
import { headersOf } from "./attacker-api.ts";
import { startLoops } from "./start-loops.ts";

const EVERY_MS = 50;

/** A receiver rejects one type of event. The connection's other event types are measured too. */
export const rejectedType: Attack = {
  title: "has a receiver that rejects one type of event with 422",
  measuresAttacker: true,
  start: async (attacker) => {
    const client = openPostClient(attacker.serverUrl);
    const headers = headersOf(attacker);
    const stop = startLoops(1, async () => {
      const status = await client.post(
        "/api/events",
        headers,
        JSON.stringify({ type: REJECTED_TYPE, data: {} }),
      );
      await pause(EVERY_MS);
      return String(status);
    });
    return async () => {
      const tally = await stop();
      await client.close();
      return tally;
    };
  },
};
