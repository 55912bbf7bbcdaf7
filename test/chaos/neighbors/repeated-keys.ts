import { randomUUID } from "node:crypto";
import { openLane } from "../../../bench/rig/lane.ts";
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
    const lanes = Array.from({ length: LOOPS }, () => openLane(attacker.serverUrl));
    const headers = headersOf(attacker);
    let turn = 0;
    const post = async (lane: (typeof lanes)[number], withKey: boolean): Promise<number> => {
      const data = { turn: turn++ };
      const event = withKey ? { type: "repeated", data } : { id, type: "repeated", data };
      return lane.post(
        "/api/events",
        withKey ? { ...headers, "idempotency-key": key } : headers,
        JSON.stringify(event),
      );
    };
    const [first] = lanes;
    if (first === undefined) throw new Error("there is no loop");
    for (const withKey of [true, false]) await post(first, withKey);
    const stop = startLoops(LOOPS, async (loop) => {
      const lane = lanes[loop];
      return lane === undefined ? "" : String(await post(lane, turn % 2 === 0));
    });
    return async () => {
      const tally = await stop();
      await Promise.all(lanes.map((lane) => lane.close()));
      return tally;
    };
  },
};
