/**
 * Sends the events of the outbox to OpenSend. Run one or several: each skips the rows that another one is sending.
 *
 *   npm install pg @opensend/client
 *   DATABASE_URL=postgres://… OPENSEND_URL=… OPENSEND_API_KEY=… node poller.ts
 */
import { ApiError, BatchError, OpenSend } from "@opensend/client";
import pg from "pg";

const ROWS_MAX = 500;
const POLL_MS = 1000;
/** Statuses caused by the event itself, so that resending it changes nothing. */
const REFUSALS = [400, 409, 413, 422];

type Row = {
  readonly id: string;
  readonly type: string;
  readonly data_text: string;
  readonly created_at: Date;
};

const opensend = new OpenSend({ maxRetries: 2 });
let isStopping = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => (isStopping = true));

while (!isStopping) {
  const database = new pg.Client({ connectionString: process.env["DATABASE_URL"] });
  database.on("error", () => undefined);
  try {
    await database.connect();
    while (!isStopping) if ((await sendWaiting(database)) < ROWS_MAX) await pause();
  } catch (error) {
    // Nothing is lost: the rows stay in the outbox.
    console.error(error instanceof Error ? error.message : error);
    await pause();
  } finally {
    await database.end().catch(() => undefined);
  }
}

/** Sends the oldest waiting rows, and deletes them in the transaction that locks them. Returns their number. */
async function sendWaiting(database: pg.Client): Promise<number> {
  await database.query("begin");
  const { rows } = await database.query<Row>(
    `select event_id as id, type, data::text as data_text, created_at from opensend_outbox
     where refused is null order by position limit ${ROWS_MAX} for update skip locked`,
  );
  const sent: string[] = [];
  try {
    for (const { id } of await opensend.sendBatch(rows)) sent.push(id);
  } catch (error) {
    if (!(error instanceof BatchError)) throw error;
    for (const { id } of error.accepted) sent.push(id);
    if (!isRefusal(error.cause)) throw error;
    // A request stores all of its events or none, so each event is sent on its own.
    for (const row of rows.slice(sent.length)) if (await sendOne(database, row)) sent.push(row.id);
  } finally {
    // If the process ends before this commit, the rows stay: they are sent again, and each event is stored once.
    await database.query("delete from opensend_outbox where event_id = any($1)", [sent]);
    await database.query("commit");
  }
  return rows.length;
}

/** Whether OpenSend has stored the event; if it refuses the event, the row records why. */
async function sendOne(database: pg.Client, row: Row): Promise<boolean> {
  try {
    await opensend.send(row);
    return true;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await database.query("update opensend_outbox set refused = $2 where event_id = $1", [
      row.id,
      error.message,
    ]);
    return false;
  }
}

function isRefusal(error: unknown): error is ApiError {
  return error instanceof ApiError && REFUSALS.includes(error.status);
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
