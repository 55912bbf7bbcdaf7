import { statfsSync } from "node:fs";
import { SCHEMA_FIX, SchemaCheck } from "../db/check-schema.ts";
import { newestMigrationNumber, schemaNumber } from "../db/migrate.ts";
import { pingStore, type Store } from "../db/open.ts";
import { DamagedDatabaseError } from "../db/sqlite/damaged-database-error.ts";
import { readWorkers } from "../dispatch/read-workers.ts";
import { tryWriting } from "../dispatch/try-writing.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

const MEBIBYTE = 1024 * 1024;
/** Size of SQLite's write-ahead log between two checkpoints: a thousand pages of 8 KiB. */
const LOG_BYTES = 8 * MEBIBYTE;
/** Size that the log can reach during a long read, such as a backup, and keeps afterwards. */
const LOG_BYTES_MAX = 128 * MEBIBYTE;

/** Checks whether the database responds and has this version's tables and columns. */
export async function checkDatabase(store: Store): Promise<Finding> {
  const check = `database (${store.dialect})`;
  try {
    await pingStore(store.db);
  } catch (error) {
    return fail(
      check,
      `unreachable (${codeOf(error) ?? "no response"})`,
      "Start the database and check DATABASE_URL: host, port, name, user.",
    );
  }
  const schema = await schemaNumber(store.db).catch((error: unknown) => {
    if (error instanceof DamagedDatabaseError) return error;
    return 0;
  });
  if (schema instanceof DamagedDatabaseError) return damaged(schema);
  const current = schema;
  const newest = newestMigrationNumber();
  if (current > newest) {
    return fail(
      check,
      `has schema ${current}, this version knows ${newest}`,
      "Start the newer version of OpenSend.",
    );
  }
  if (current < newest) {
    return warn(check, "reachable, not migrated yet", "Run `opensend migrate`, or start the server.");
  }
  const faults = await new SchemaCheck(store).findFaults();
  if (faults.length > 0) return fail(check, faults.join(" "), SCHEMA_FIX);
  return ok(check, `reachable, schema ${current}`);
}

export function damaged(error: DamagedDatabaseError): Finding {
  const fix = "Stop OpenSend, keep the file, and restore the latest backup (/docs/backup#restore).";
  return fail("database (sqlite)", `the file is damaged: ${error.reason}`, fix);
}

/** Checks whether events and attempts can be written. All writes are rolled back. */
export async function checkWrites(store: Store): Promise<Finding> {
  const check = "writes";
  try {
    await tryWriting(store, Date.now());
    return ok(check, "an event, its delivery and an attempt could be written; all of it was rolled back");
  } catch (error) {
    const fix =
      store.dialect === "sqlite"
        ? "Free space on the disk of the data folder, and let the user who runs OpenSend write to the folder and its files."
        : "Free space on the database's disk, end its read-only mode, and grant the user of DATABASE_URL select, insert, update and delete on all tables.";
    return fail(check, `the database refuses them (${codeOf(error) ?? "no code"})`, fix);
  }
}

/** Checks whether the embedded database has room to grow. */
export function checkDisk(dataDir: string): Finding {
  const check = "disk";
  const { bavail, bsize } = statfsSync(dataDir);
  const freeBytes = bavail * bsize;
  const text = `${Math.floor(freeBytes / MEBIBYTE)} MiB free for ${dataDir}; the write-ahead log alone may take ${LOG_BYTES_MAX / MEBIBYTE} MiB`;
  const fix = "Free space there, or move the data folder to a larger disk while the server is stopped.";
  if (freeBytes < LOG_BYTES) return fail(check, text, fix);
  return freeBytes < LOG_BYTES_MAX ? warn(check, text, fix) : ok(check, text);
}

/** Checks whether any process delivers from this database. */
export async function checkWorkers(store: Store): Promise<Finding> {
  const check = "workers";
  const now = Date.now();
  const workers = await readWorkers(store, now);
  const [latest, ...others] = workers.filter(({ isSilent }) => !isSilent);
  if (latest === undefined) {
    return warn(check, "none running", "Start `opensend start`, or on PostgreSQL `opensend worker`.");
  }
  const ageMs = Math.max(0, now - latest.heartbeatAt);
  return ok(check, `${others.length + 1} at work, latest heartbeat ${Math.round(ageMs / 1000)} s ago`);
}

/** PostgreSQL's SQLSTATE, SQLite's result code, or the system's code; never a message, which can quote data. */
export function codeOf(error: unknown): string | null {
  const { code, errcode, cause } = error as { code?: unknown; errcode?: unknown; cause?: unknown };
  if (typeof errcode === "number") return `SQLite ${errcode}`;
  if (typeof code === "string") return code;
  return cause instanceof Error ? codeOf(cause) : null;
}
