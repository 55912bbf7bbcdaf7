import { inContainer } from "../../support/container.ts";
import { behindProxy } from "../chaos-database.ts";
import { pause } from "../pause.ts";
import { recover } from "../scenario.ts";
import type { Stage } from "../stage.ts";
import { startReplicatedPostgres } from "./replicated-postgres.ts";
import type { Scenario } from "./run-failover.ts";

/** Long enough for the other process to count this one as gone, and to work its connections for a while. */
const PAUSED_MS = 45_000;
/** The time it takes to take over the connections of a killed process. */
const TAKEOVER_MS = 25_000;
/** The time until an operator, or a program that watches, promotes the standby. */
const DATABASE_AWAY_MS = 3000;
const HOST = "opensend";

export const SCENARIOS = {
  pause: {
    title: "SIGSTOP for 45 s, then SIGCONT",
    prepare: async () => ({
      options: {},
      act: async ({ fleet }, load, say) => {
        const paused = fleet.pause();
        // After resuming, the process accepts the requests it had not read, before it knows that it lost its
        // connections.
        const { responses } = load.postBurst(paused.url);
        await pause(PAUSED_MS);
        paused.resume();
        await responses;
        say("went on");
        const fault = { kind: "process paused", at: paused.at, until: paused.at } as const;
        return { fault, isTakenOver: true, recoveryMs: null, faults: [] };
      },
    }),
  },
  containers: {
    title: "`kill -9` of one of two containers with the same host name and process id",
    prepare: async () => ({
      options: { within: inContainer(HOST) },
      act: async (stage) => {
        const faults = await judgeNames(stage);
        const at = await stage.fleet.kill();
        await pause(TAKEOVER_MS);
        return { fault: { kind: "kill", at, until: at }, isTakenOver: true, recoveryMs: null, faults };
      },
    }),
  },
  standby: {
    title: "`kill -9` of PostgreSQL, and its synchronous standby promoted",
    prepare: async () => {
      const postgres = await startReplicatedPostgres();
      const place = await behindProxy(postgres);
      return {
        options: { database: place },
        act: async (stage, load, say) => {
          const at = Date.now();
          await postgres.killPrimary();
          await pause(DATABASE_AWAY_MS);
          place.commitProxy.moveTo(await postgres.promote());
          const until = Date.now();
          const recoveryMs = await recover(stage, load);
          say(`events went through ${recoveryMs} ms after the promotion`);
          const fault = { kind: "database taken over", at, until } as const;
          return { fault, isTakenOver: false, recoveryMs, faults: [] };
        },
      };
    },
  },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;
export const SCENARIO_NAMES = Object.keys(SCENARIOS) as ScenarioName[];

/** Checks that both processes are registered and differ only in their random ids. */
async function judgeNames({ database }: Stage): Promise<string[]> {
  const store = database.open();
  try {
    const workers = await store.db
      .selectFrom("workers")
      .select(["id", "host", "pid"])
      .where("stopped_at", "is", null)
      .execute();
    const isAsIntended = workers.length === 2 && workers.every(({ host, pid }) => host === HOST && pid === 1);
    return isAsIntended ? [] : [`the processes are registered as ${JSON.stringify(workers)}`];
  } finally {
    await store.close();
  }
}
