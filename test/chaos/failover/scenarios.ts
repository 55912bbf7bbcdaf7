import { pause } from "../pause.ts";
import type { Scenario } from "./run-failover.ts";

/** Long enough for the others to take the process for gone, and to work its connections for a while. */
const PAUSED_MS = 45_000;

export const SCENARIOS = {
  pause: {
    title: "SIGSTOP for 45 s, then SIGCONT",
    prepare: async () => ({
      options: {},
      act: async ({ fleet }, load, say) => {
        const paused = fleet.pause();
        // What it has not read by then, it accepts when it goes on, not knowing yet that others work its connections.
        const { answered } = load.postBurst(paused.url);
        await pause(PAUSED_MS);
        paused.resume();
        await answered;
        say("went on");
        const fault = { kind: "process paused", at: paused.at, until: paused.at } as const;
        return { fault, isTakenOver: true, recoveryMs: null, faults: [] };
      },
    }),
  },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;
export const SCENARIO_NAMES = Object.keys(SCENARIOS) as ScenarioName[];
