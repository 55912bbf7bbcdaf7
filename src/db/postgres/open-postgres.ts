import { PostgresDialect, type PostgresPoolClient } from "kysely";
import pg from "pg";
import { DatabaseError } from "../database-error.ts";
import { classifyPostgresError } from "./classify-error.ts";
import { StatementNames } from "./statement-names.ts";

/** Reading and writing have pools of their own, so that no number of slow reads keeps an event from being stored. */
export const READ_CONNECTIONS_MAX = 10;
export const WRITE_CONNECTIONS_MAX = 8;
const CONNECT_TIMEOUT_MS = 5000;
const SESSION_LIMITS = "set lock_timeout = '20s'; set idle_in_transaction_session_timeout = '20s'";
/**
 * The hot path looks rows up by their keys. A plan is kept for a statement and made when it has run a few times: in tables
 * that were small then and are large now, only the indexes are still right.
 */
const BY_INDEX =
  "set enable_seqscan = off; set enable_bitmapscan = off; set enable_hashjoin = off; set enable_mergejoin = off";
/** A query that has got no answer for so long will not get one: its connection is dropped. */
const READ_TIMEOUT_MS = 120_000;
/** The hot path's statements are short, and callers wait for them. */
const WRITE_TIMEOUT_MS = 15_000;
const INT8_TYPE_ID = 20;
/** in_failed_sql_transaction (PostgreSQL, appendix A). */
const IN_FAILED_TRANSACTION = "25P02";

type PoolLimits = { readonly max: number; readonly queryTimeoutMs: number; readonly settings: string };

export type PostgresDialects = { readonly read: PostgresDialect; readonly write: PostgresDialect };

/** Opens two pools on a PostgreSQL server; nothing is contacted before the first query. */
export function openPostgres(url: string, onIdleError: (error: Error) => void): PostgresDialects {
  const open = (limits: PoolLimits) => new PostgresDialect({ pool: openPool(url, limits, onIdleError) });
  return {
    read: open({ max: READ_CONNECTIONS_MAX, queryTimeoutMs: READ_TIMEOUT_MS, settings: SESSION_LIMITS }),
    write: open({
      max: WRITE_CONNECTIONS_MAX,
      queryTimeoutMs: WRITE_TIMEOUT_MS,
      settings: `${SESSION_LIMITS}; ${BY_INDEX}`,
    }),
  };
}

/** Times and counters are int8 and well below 2^53, so they are read as numbers. */
function openPool(
  url: string,
  { max, queryTimeoutMs, settings }: PoolLimits,
  onIdleError: (error: Error) => void,
) {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    query_timeout: queryTimeoutMs,
    types: {
      getTypeParser: ((typeId: number, format?: "text") =>
        typeId === INT8_TYPE_ID
          ? Number
          : pg.types.getTypeParser(typeId, format)) as typeof pg.types.getTypeParser,
    },
  });
  // A server that restarts drops idle connections; the pool opens new ones at the next query.
  pool.on("error", onIdleError);
  // A connection that dies amid a transaction tells its own listeners and fails the query: without a listener the process
  // ends.
  pool.on("connect", (client) => {
    client.on("error", onIdleError);
    // Nobody waits for ever for what another holds, and nobody is held up by a transaction whose process hangs.
    client.query(settings).catch(onIdleError);
  });
  const known = new WeakMap<pg.PoolClient, ClassifyingClient>();
  const names = new StatementNames();
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: async (): Promise<PostgresPoolClient> => {
      const client = await pool.connect().catch((error: unknown) => {
        throw classifyPostgresError(error);
      });
      const wrapped = known.get(client) ?? new ClassifyingClient(client, names);
      known.set(client, wrapped);
      return wrapped as unknown as PostgresPoolClient;
    },
  };
}

/** A pooled connection whose errors are classed. After one that did not come from the server it takes no more queries. */
class ClassifyingClient {
  readonly #client: pg.PoolClient;
  readonly #names: StatementNames;
  #broken: DatabaseError | null = null;

  constructor(client: pg.PoolClient, names: StatementNames) {
    this.#client = client;
    this.#names = names;
  }

  get processID(): unknown {
    return (this.#client as pg.PoolClient & { readonly processID?: number }).processID;
  }

  async query(text: string, values: readonly unknown[]): Promise<unknown> {
    // The answer of an earlier query may still come, and would be taken for the answer of this one.
    if (this.#broken !== null) throw this.#broken;
    const statement = { text, values: values as unknown[] };
    const name = values.length === 0 ? undefined : this.#names.of(text);
    try {
      return await this.#client.query(name === undefined ? statement : { ...statement, name });
    } catch (error) {
      if (error instanceof pg.DatabaseError && this.#names.isFaultOfName(error.code)) {
        return this.#runUnnamed(statement);
      }
      const classed = classifyPostgresError(error);
      const isCut = !(error instanceof pg.DatabaseError) && classed instanceof DatabaseError;
      if (isCut) this.#broken = classed;
      throw classed;
    }
  }

  /** Outside of a transaction the statement can run again; a transaction is over, and is to run again as a whole. */
  async #runUnnamed(statement: { readonly text: string; readonly values: unknown[] }): Promise<unknown> {
    try {
      return await this.#client.query(statement);
    } catch (error) {
      const isOver = error instanceof pg.DatabaseError && error.code === IN_FAILED_TRANSACTION;
      throw isOver ? new DatabaseError("conflict", error) : classifyPostgresError(error);
    }
  }

  release(destroy?: boolean): void {
    this.#client.release(destroy === true || this.#broken !== null);
  }
}
