import { sql } from "kysely";
import type { AppContext } from "../../src/app.ts";
import { bumpRoutingVersion } from "../../src/connections/routing-version.ts";
import type { Store } from "../../src/db/open.ts";
import { writeAudit } from "./audit.ts";
import { eventTypes } from "./event-types.ts";
import { createKeys, createPeople } from "./people.ts";
import { planConnections } from "./plan-connections.ts";
import { planEvents } from "./plan-events.ts";
import { SeededRandom } from "./random.ts";
import { writeReplays } from "./replays.ts";
import { writeHistory } from "./write-history.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

export type SeedOptions = {
  readonly connections: number;
  /** The minimum: the last event can have several deliveries. */
  readonly deliveries: number;
  readonly days: number;
  readonly seed: number;
  /** The end of the history, epoch milliseconds. */
  readonly now: number;
  /** The receiver to which a server on this database sends; seeding itself sends nothing. */
  readonly receiverUrl: URL;
  /** The password of every account. */
  readonly password: string;
};

/** The database is not empty; nothing was written. */
export class NotEmptyError extends Error {
  override readonly name = "NotEmptyError";

  constructor() {
    super("The database is not empty. Name another one with --database, or another OPENSEND_DATA_DIR.");
  }
}

/**
 * Fills an empty, migrated database with a history as the product would have left it: the same decisions, the same
 * rows, the same statistics. The same options give the same history, except for ids of people and secrets.
 *
 * @throws {NotEmptyError}
 */
export async function seedDatabase({ store, services }: AppContext, options: SeedOptions): Promise<void> {
  await requireEmpty(store);
  const random = new SeededRandom(options.seed);
  const history = { from: options.now - options.days * DAY_MS, until: options.now };
  const actors = await createPeople(services.access, options.password, history.from);
  const [actor] = actors;
  if (actor === undefined) throw new Error("nobody was created");
  await createKeys(services.access, actors, history, random);
  const types = eventTypes(options.connections);
  const { keyring } = services.integrations;
  const { connections: count, receiverUrl } = options;
  const connections = planConnections(
    { connections: count, types, history, actor, keyring, receiverUrl },
    random,
  );
  const events = planEvents({ types, connections, deliveries: options.deliveries, history }, random);
  const pauses = await writeHistory(store, { actor, connections, events, until: history.until }, random);
  await writeAudit(store.db, { connections, pauses, actors, history }, random);
  await writeReplays(store.db, { actors, connections, history }, random);
  await store.db.transaction().execute((trx) => bumpRoutingVersion(trx, actor.workspaceId));
  // Gives the planner the statistics that a long-running database has.
  await sql`analyze`.execute(store.db);
}

async function requireEmpty({ db }: Pick<Store, "db">): Promise<void> {
  const tables = ["instance", "users", "workspaces", "events"] as const;
  for (const table of tables) {
    const row = await db.selectFrom(table).select(sql`1`.as("one")).limit(1).executeTakeFirst();
    if (row !== undefined) throw new NotEmptyError();
  }
}
