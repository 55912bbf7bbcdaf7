import { PostgresDialect } from "kysely";
import pg from "pg";

const CONNECTIONS_MAX = 16;
const CONNECT_TIMEOUT_MS = 5000;
const SESSION_LIMITS = "set lock_timeout = '20s'; set idle_in_transaction_session_timeout = '20s'";
/** A query that has got no answer for so long will not get one: its connection is dropped. */
const QUERY_TIMEOUT_MS = 120_000;
const INT8_TYPE_ID = 20;

/** Opens a pool on a PostgreSQL server. Times and counters are int8 and well below 2^53, so they are read as numbers. */
export function openPostgres(url: string, onIdleError: (error: Error) => void): PostgresDialect {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    query_timeout: QUERY_TIMEOUT_MS,
    types: {
      getTypeParser: ((typeId: number, format?: "text") =>
        typeId === INT8_TYPE_ID
          ? Number
          : pg.types.getTypeParser(typeId, format)) as typeof pg.types.getTypeParser,
    },
  });
  // A server that restarts drops idle connections; the pool opens new ones at the next query.
  pool.on("error", onIdleError);
  // One that dies amid a transaction tells its own listeners, and fails the query: without a listener the process ends.
  pool.on("connect", (client) => {
    client.on("error", onIdleError);
    // Nobody waits for ever for what another holds, and nobody is held up by a transaction whose process hangs.
    client.query(SESSION_LIMITS).catch(onIdleError);
  });
  return new PostgresDialect({ pool });
}
