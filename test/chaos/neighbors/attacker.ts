import { serveCalls } from "../../../bench/rig/serve-calls.ts";
import type { Attack, Attacker, Stop, Tally } from "./attack.ts";
import { ATTACKS, type AttackName } from "./attacks.ts";

/** Attacks from a separate process, so that the measurement is not slowed down. */
type Order = { readonly name: AttackName; readonly attacker: Attacker };

let stop: Stop | null = null;
const attackOf = ({ name }: Order): Attack => ATTACKS[name];

const calls = {
  prepare: async (order: Order): Promise<void> => attackOf(order).prepare?.(order.attacker),
  start: async (order: Order): Promise<void> => {
    stop = await attackOf(order).start(order.attacker);
  },
  stop: async (_input: null): Promise<Tally> => (await stop?.()) ?? {},
};

export type AttackerCalls = typeof calls;
serveCalls(calls);
