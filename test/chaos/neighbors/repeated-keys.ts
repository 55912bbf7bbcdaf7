import { randomUUID } from "node:crypto";
import { openPostClient } from "../../../bench/rig/post-client.ts";
import type { Attack } from "./attack.ts";
import { headersOf } from "./attacker-api.ts";
import { startLoops } from "./start-loops.ts";

const LOOPS = 4;

/** Every request is a conflict: alternately a used idempotency key, and a used event id with other data. */
export const repeatedKeys: Attack = {
  title: "repeats a used idempotency key and a used event id",
  start: async (attacker) => {
    const id = randomUUID();
    const key = randomUUID();
    const clients = Array.from({ length: LOOPS }, () => openPostClient(attacker.serverUrl));
    const headers = headersOf(attacker);
    let turn = 0;
    const post = async (client: (typeof clients)[number], withKey: boolean): Promise<number> => {
      const data = { turn: turn++ };
      const event = withKey ? { type: "repeated", data } : { id, type: "repeated", data };
      return client.post(
        "/api/events",
        withKey ? { ...headers, "idempotency-key": key } : headers,
        JSON.stringify(event),
      );
    };
    const [first] = clients;
    if (first === undefined) throw new Error("there is no loop");
    for (const withKey of [true, false]) await post(first, withKey);
    const stop = startLoops(LOOPS, async (loop) => {
      const client = clients[loop];
      return client === undefined ? "" : String(await post(client, turn % 2 === 0));
    });
    return async () => {
      const tally = await stop();
      await Promise.all(clients.map((client) => client.close()));
      return tally;
    };
  },
};
