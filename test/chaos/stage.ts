import type { Dialect } from "../../src/db/open.ts";
import { startInstance } from "../support/instance.ts";
import { CHAOS_BEHAVIOURS } from "./behaviours.ts";
import { type ChaosDatabase, createChaosDatabase } from "./chaos-database.ts";
import { createClock, type SteppedClock } from "./clock.ts";
import type { ChaosConnection } from "./evidence.ts";
import { createFleet, type Fleet } from "./fleet.ts";
import type { Random } from "./random.ts";
import { type ReceiverProcess, SIGNING_SECRET, startReceiver } from "./start-receiver.ts";

/** Events of each of these types go to one connection of each behaviour. */
const TYPES = Array.from({ length: 8 }, (_, index) => `chaos.${index}`);
/** Goes to one connection that nothing else fills, so that its arrival tells whether events flow. */
export const PROBE_TYPE = "probe";
/** Enough that receivers which are slow to answer leave places to others. */
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

/** Sets an instance up with its connections, then leaves it to a fleet that has no process yet. */
export async function setStage(dialect: Dialect, random: Random): Promise<Stage> {
  const receiver = await startReceiver();
  const place = await createChaosDatabase(dialect);
  const { database } = place;
  const clock = createClock(database.dataDir);
  const instance = await startInstance(async () => database, clock.environment);
  const connections: ChaosConnection[] = [];
  const connect = async (path: string, type: string) => {
    const answer = await instance.api.post("/api/integrations/webhook", {
      name: path,
      webhook_url: `${receiver.url}${path}`,
      signing_secret: SIGNING_SECRET,
      event_types: [type],
      concurrency: CONCURRENCY,
    });
    if (answer.status !== 201) throw new Error(`connecting answered ${answer.status}: ${answer.text}`);
    connections.push({ id: answer.body.data.id, path, type });
  };
  for (const type of TYPES)
    for (const behaviour of CHAOS_BEHAVIOURS) await connect(`/${behaviour}/${type}`, type);
  await connect(`/ok/${PROBE_TYPE}`, PROBE_TYPE);
  await instance.server.stop();
  const fleet = createFleet({
    environment: { LOG_LEVEL: "error", ...instance.environment },
    dataDir: database.dataDir,
    random,
  });
  return {
    ...place,
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
