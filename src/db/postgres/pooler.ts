import pg from "pg";
import { isNameFault } from "./statement-names.ts";
import { withTimeout } from "./with-timeout.ts";

/** What a pooler between this program and PostgreSQL does to sessions. */
export type Pooler = {
  /** Every transaction may run in another session (transaction mode): nothing that a session remembers can be relied on. */
  readonly isPerTransaction: boolean;
  /** A prepared statement is found by its name in every session that the pooler hands out. */
  readonly keepsNames: boolean;
};

/** No pooler, or one that gives each client a session of its own. */
export const OWN_SESSIONS: Pooler = { isPerTransaction: false, keepsNames: true };

const CONNECT_TIMEOUT_MS = 5000;
/** A pooler whose sessions are all taken lets a query wait for longer than this. */
const QUERY_TIMEOUT_MS = 2000;
/** Other clients may take part by chance; so often in a row they do not. */
const ROUNDS = 5;
const PID = "select pg_backend_pid() as pid";
/** The parameter makes it a statement that is prepared. */
const NAMED_PID = { name: "opensend_probe", text: `${PID} where $1::boolean`, values: [true] };

/**
 * Whether a client speaks to PostgreSQL itself: a pooler makes up the process id that it tells a client when it connects.
 *
 * @throws when the database does not respond.
 */
export async function isDirect(client: pg.ClientBase): Promise<boolean> {
  const { processID } = client as pg.ClientBase & { readonly processID: number | null };
  const { rows } = await client.query<{ pid: number }>(withTimeout(PID, CONNECT_TIMEOUT_MS));
  return rows[0]?.pid === processID;
}

/**
 * Finds out what a pooler does, by trying: one client runs a named statement twice, and in between another client takes the
 * session that the first one used, if that is possible.
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
  for (let round = 0; round < ROUNDS; round++) {
    let before: number | null = null;
    try {
      before = await sessionOf(one);
      await two.query("begin; select 1");
      const after = await sessionOf(one);
      if (after !== before) return { isPerTransaction: true, keepsNames: true };
    } catch (error) {
      // Without a response the only session is the one that the other client holds.
      const hasNoAnswer = before !== null && !(error instanceof pg.DatabaseError);
      if (isNameFault(error) || hasNoAnswer) return { isPerTransaction: true, keepsNames: false };
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
  // A connection that is cut fails the query that is under way.
  client.on("error", () => undefined);
  return client;
}
