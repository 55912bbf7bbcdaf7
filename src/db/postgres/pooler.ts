import pg from "pg";
import { isNameFault } from "./statement-names.ts";
import { withTimeout } from "./with-timeout.ts";

/** How a pooler between this program and PostgreSQL handles sessions. */
export type Pooler = {
  /** Every transaction can run in a different session (transaction mode), so session state cannot be relied on. */
  readonly isPerTransaction: boolean;
  /** A prepared statement is found by its name in every session of the pooler. */
  readonly keepsNames: boolean;
};

/** No pooler, or one that gives each client its own session. */
export const OWN_SESSIONS: Pooler = { isPerTransaction: false, keepsNames: true };

const CONNECT_TIMEOUT_MS = 5000;
/** A pooler whose sessions are all taken makes a query wait longer than this. */
const QUERY_TIMEOUT_MS = 2000;
/** Other clients may interfere by chance, but not so many times in a row. */
const ATTEMPTS_MAX = 5;
const PID = "select pg_backend_pid() as pid";
/** The parameter makes it a prepared statement. */
const NAMED_PID = { name: "opensend_probe", text: `${PID} where $1::boolean`, values: [true] };

/**
 * Whether a client is connected to PostgreSQL directly: a pooler invents the process id that it gives a client.
 *
 * @throws when the database does not respond.
 */
export async function isDirect(client: pg.ClientBase): Promise<boolean> {
  const { processID } = client as pg.ClientBase & { readonly processID: number | null };
  const { rows } = await client.query<{ pid: number }>(withTimeout(PID, CONNECT_TIMEOUT_MS));
  return rows[0]?.pid === processID;
}

/**
 * Detects a pooler's behavior by trying: one client runs a named statement twice, and in between another client takes
 * the session that the first one used, if possible.
 *
 * @throws when the database does not respond.
 */
export async function probePooler(databaseUrl: string): Promise<Pooler> {
  const [one, two] = [newClient(databaseUrl), newClient(databaseUrl)];
  try {
    await one.connect();
    if (await isDirect(one)) return OWN_SESSIONS;
    await two.connect();
    return await tryOut(one, two);
  } finally {
    await Promise.all([one, two].map((client) => client.end().catch(() => undefined)));
  }
}

async function tryOut(one: pg.Client, two: pg.Client): Promise<Pooler> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    let before: number | null = null;
    try {
      before = await sessionOf(one);
      await two.query("begin; select 1");
      const after = await sessionOf(one);
      if (after !== before) return { isPerTransaction: true, keepsNames: true };
    } catch (error) {
      // Without a response, the only session is the one that the other client uses.
      const hasNoResponse = before !== null && !(error instanceof pg.DatabaseError);
      if (isNameFault(error) || hasNoResponse) return { isPerTransaction: true, keepsNames: false };
      throw error;
    }
    await two.query("rollback");
  }
  return OWN_SESSIONS;
}

async function sessionOf(client: pg.Client): Promise<number | null> {
  const { rows } = await client.query<{ pid: number }>(NAMED_PID);
  return rows[0]?.pid ?? null;
}

function newClient(databaseUrl: string): pg.Client {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: "opensend probe",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
  });
  // A lost connection fails the query in progress.
  client.on("error", () => undefined);
  return client;
}
