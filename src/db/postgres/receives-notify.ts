import { randomUUID } from "node:crypto";
import pg from "pg";
import { isDirect, probePooler } from "./pooler.ts";

export type ListenUrls = {
  /** The URL for writing, whose NOTIFY must be received. */
  readonly databaseUrl: string;
  /** The URL for listening. */
  readonly listenUrl: string;
};

/** A separate channel, so that a LISTEN that a pooler leaves on another client's session does no harm. */
const CHANNEL = "opensend_probe";
const CONNECT_TIMEOUT_MS = 5000;
/** A NOTIFY takes a millisecond; this leaves time for a busy server. */
const RECEIVED_WITHIN_MS = 3000;

/**
 * Whether a connection to `listenUrl` receives notifications sent over the URL that the program writes with. A pooler
 * in transaction mode gives the listening session to the next client, so notifications are lost; a different database
 * has different notifications.
 *
 * @throws when the database does not respond.
 */
export async function receivesNotify(
  listener: pg.Client,
  { databaseUrl, listenUrl }: ListenUrls,
): Promise<boolean> {
  if (listenUrl === databaseUrl) {
    if (await isDirect(listener)) return true;
    if ((await probePooler(databaseUrl)).isPerTransaction) return false;
  }
  return tryOut(listener, databaseUrl);
}

/** The same check with a connection of its own. */
export async function canListen(urls: ListenUrls): Promise<boolean> {
  const listener = newClient(urls.listenUrl);
  try {
    await listener.connect();
    return await receivesNotify(listener, urls);
  } finally {
    await listener.end().catch(() => undefined);
  }
}

async function tryOut(listener: pg.Client, databaseUrl: string): Promise<boolean> {
  const token = randomUUID();
  const notifier = newClient(databaseUrl);
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const end = () => reject(new Error("the connection ended"));
  promise.catch(() => undefined);
  const onNotification = ({ channel, payload }: pg.Notification) => {
    if (channel === CHANNEL && payload === token) resolve(true);
  };
  listener.on("notification", onNotification).on("end", end);
  let timer: NodeJS.Timeout | undefined;
  try {
    await listener.query(`listen ${CHANNEL}`);
    await notifier.connect();
    await notifier.query("select pg_notify($1, $2)", [CHANNEL, token]);
    timer = setTimeout(resolve, RECEIVED_WITHIN_MS, false);
    return await promise;
  } finally {
    clearTimeout(timer);
    listener.off("notification", onNotification).off("end", end);
    await notifier.end().catch(() => undefined);
  }
}

function newClient(connectionString: string): pg.Client {
  const client = new pg.Client({
    connectionString,
    application_name: "opensend probe",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: CONNECT_TIMEOUT_MS,
  });
  // A lost connection fails the query in progress.
  client.on("error", () => undefined);
  return client;
}
