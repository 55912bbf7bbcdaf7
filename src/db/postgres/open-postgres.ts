import { PostgresDialect, type PostgresPoolClient } from "kysely";
import pg from "pg";
import { classifyPostgresError } from "./classify-error.ts";
import { ClassifyingClient } from "./classifying-client.ts";
import type { Pooler } from "./pooler.ts";
import { PoolerCheck } from "./pooler-check.ts";
import { StatementNames } from "./statement-names.ts";
import { withTimeout } from "./with-timeout.ts";

/** Reads and writes have separate pools, so that slow reads cannot keep an event from being stored. */
export const READ_CONNECTIONS_MAX = 10;
export const WRITE_CONNECTIONS_MAX = 8;
const CONNECT_TIMEOUT_MS = 5000;
const SESSION_LIMITS = ["lock_timeout = '20s'", "idle_in_transaction_session_timeout = '20s'"];
/**
 * The hot path looks rows up by key. PostgreSQL caches a statement's plan after a few runs, when tables may still be
 * small; once they are large, only index scans are right.
 */
const BY_INDEX = [
  "enable_seqscan = off",
  "enable_bitmapscan = off",
  "enable_hashjoin = off",
  "enable_mergejoin = off",
];
/** A query without a response for this long will not get one: its connection is dropped. */
const READ_TIMEOUT_MS = 120_000;
/** The hot path's statements are short, and callers wait for them. */
const WRITE_TIMEOUT_MS = 15_000;
const INT8_TYPE_ID = 20;

type PoolLimits = {
  readonly max: number;
  readonly queryTimeoutMs: number;
  /** Each in the form `name = value`. */
  readonly settings: readonly string[];
};

export type PostgresDialects = { readonly read: PostgresDialect; readonly write: PostgresDialect };

export type PostgresListener = {
  readonly onIdleError: (error: Error) => void;
  /** Called once for a pooler in transaction mode, and again if it turns out to lose prepared statements. */
  readonly onPooler: (pooler: Pooler) => void;
};

/** Opens two pools on a PostgreSQL server, without connecting before the first query. */
export function openPostgres(url: string, listener: PostgresListener): PostgresDialects {
  const poolerCheck = new PoolerCheck(url, listener.onPooler);
  const open = (limits: PoolLimits) =>
    new PostgresDialect({ pool: openPool(url, limits, poolerCheck, listener.onIdleError) });
  return {
    read: open({ max: READ_CONNECTIONS_MAX, queryTimeoutMs: READ_TIMEOUT_MS, settings: SESSION_LIMITS }),
    write: open({
      max: WRITE_CONNECTIONS_MAX,
      queryTimeoutMs: WRITE_TIMEOUT_MS,
      settings: [...SESSION_LIMITS, ...BY_INDEX],
    }),
  };
}

/** Times and counters are int8 and well below 2^53, so they are parsed as numbers. */
function openPool(
  url: string,
  { max, queryTimeoutMs, settings }: PoolLimits,
  poolerCheck: PoolerCheck,
  onIdleError: (error: Error) => void,
) {
  const names = new StatementNames();
  const setUp = async (client: pg.ClientBase) => {
    // A connection that dies during a transaction emits an error and fails the query; without a listener the process
    // ends.
    client.on("error", onIdleError);
    const pooler = await poolerCheck.run(client);
    if (!pooler.keepsNames) names.turnOff();
    if (pooler.isPerTransaction) return;
    // Limits the wait for another session's lock, and ends transactions of processes that hang.
    await client.query(withTimeout(toStatements("set", settings), CONNECT_TIMEOUT_MS));
  };
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    query_timeout: queryTimeoutMs,
    onConnect: setUp,
    types: {
      getTypeParser: ((typeId: number, format?: "text") =>
        typeId === INT8_TYPE_ID
          ? Number
          : pg.types.getTypeParser(typeId, format)) as typeof pg.types.getTypeParser,
    },
  });
  // A restarting server drops idle connections; the pool opens new ones for the next queries.
  pool.on("error", onIdleError);
  const known = new WeakMap<pg.PoolClient, ClassifyingClient>();
  const onNameFault = () => {
    names.turnOff();
    poolerCheck.reportNameFault();
  };
  /** Settings that a shared session would lose are set for each transaction. */
  const beginStatement = () =>
    poolerCheck.found.isPerTransaction ? `begin; ${toStatements("set local", settings)}` : "begin";
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: async (): Promise<PostgresPoolClient> => {
      const client = await pool.connect().catch((error: unknown) => {
        throw classifyPostgresError(error);
      });
      const wrapped =
        known.get(client) ?? new ClassifyingClient({ client, names, onNameFault, beginStatement });
      known.set(client, wrapped);
      return wrapped as unknown as PostgresPoolClient;
    },
  };
}

function toStatements(command: "set" | "set local", settings: readonly string[]): string {
  return settings.map((setting) => `${command} ${setting}`).join("; ");
}
