import type { Dialect } from "../../src/db/open.ts";
import { startInstance } from "../support/instance.ts";
import { type BEHAVIORS, CHAOS_BEHAVIORS } from "./behaviors.ts";
import { type ChaosDatabase, createChaosDatabase } from "./chaos-database.ts";
import { createClock, type SteppedClock } from "./clock.ts";
import type { ChaosConnection } from "./evidence.ts";
import { createFleet, type Fleet } from "./fleet.ts";
import type { Random } from "./random.ts";
import { type ReceiverProcess, SIGNING_SECRET, startReceiver } from "./start-receiver.ts";

/** Events of each of these types go to one connection of each behavior. */
const TYPES = Array.from({ length: 8 }, (_, index) => `chaos.${index}`);
/** Goes to a connection that receives nothing else, so that its arrival shows whether events flow. */
export const PROBE_TYPE = "probe";
/** Followed by a number; goes to one connection in strict order. */
export const ORDERED_TYPE = "ordered";
/** Followed by a number; goes to one connection with a low concurrency limit, so that a queue forms. */
export const BACKLOG_TYPE = "backlog";
const BACKLOG_CONCURRENCY = 2;
/** Enough that slow receivers leave slots for others. */
const CONCURRENCY = 50;

export type Stage = ChaosDatabase & {
  readonly receiver: ReceiverProcess;
  readonly clock: SteppedClock;
  readonly fleet: Fleet;
  readonly key: string;
  readonly types: readonly string[];
  readonly connections: readonly ChaosConnection[];
  readonly remove: () => Promise<void>;
};

export type StageOptions = {
  /** Defaults to a database created for the run. */
  readonly database?: ChaosDatabase;
  /** The receivers' behaviors for each event type; by default those of a chaos run. */
  readonly behaviors?: readonly (keyof typeof BEHAVIORS)[];
  /** The receivers' behaviors for connections in strict order. */
  readonly ordered?: readonly (keyof typeof BEHAVIORS)[];
  /** The number of connections that get a backlog. */
  readonly backlogs?: number;
  /** A prefix for the command of each process. */
  readonly within?: readonly string[];
};

/** Sets up an instance with its connections, and returns it with a fleet that has no process yet. */
export async function createStage(
  dialect: Dialect,
  random: Random,
  {
    database: givenDatabase,
    behaviors = CHAOS_BEHAVIORS,
    ordered = [],
    backlogs = 0,
    within = [],
  }: StageOptions = {},
): Promise<Stage> {
  const receiver = await startReceiver();
  const chaosDatabase = givenDatabase ?? (await createChaosDatabase(dialect));
  const { database } = chaosDatabase;
  const clock = createClock(database.dataDir);
  const instance = await startInstance(async () => database, clock.environment);
  const connections: ChaosConnection[] = [];
  const connect = async (path: string, type: string, settings = {}) => {
    const response = await instance.api.post("/api/integrations/webhook", {
      name: path,
      webhook_url: `${receiver.url}${path}`,
      signing_secret: SIGNING_SECRET,
      event_types: [type],
      concurrency: CONCURRENCY,
      ...settings,
    });
    if (response.status !== 201) throw new Error(`connecting returned ${response.status}: ${response.text}`);
    connections.push({ id: response.body.data.id, path, type });
  };
  for (const type of TYPES) for (const behavior of behaviors) await connect(`/${behavior}/${type}`, type);
  await connect(`/ok/${PROBE_TYPE}`, PROBE_TYPE);
  for (const [index, behavior] of ordered.entries()) {
    const type = `${ORDERED_TYPE}.${index}`;
    await connect(`/${behavior}/${type}`, type, { ordered: true });
  }
  for (let index = 0; index < backlogs; index++) {
    const type = `${BACKLOG_TYPE}.${index}`;
    await connect(`/brisk/${type}`, type, { concurrency: BACKLOG_CONCURRENCY });
  }
  await instance.server.stop();
  const fleet = createFleet({
    environment: { LOG_LEVEL: "error", ...instance.environment },
    dataDir: database.dataDir,
    within,
    random,
  });
  return {
    ...chaosDatabase,
    receiver,
    clock,
    fleet,
    key: instance.key,
    types: TYPES,
    connections,
    remove: async () => {
      receiver.stop();
      await database.remove();
    },
  };
}
