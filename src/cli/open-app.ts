import { existsSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { type AppContext, compose } from "../app.ts";
import type { Options } from "../config/options.ts";
import { loadSecrets } from "../config/secrets.ts";
import { migrate } from "../db/migrate.ts";
import { SQLITE_FILE } from "../db/open.ts";
import { CommandError } from "./command-error.ts";

/** Reads the options of the process, once the command line has been parsed. @throws {ConfigurationError} */
export type LoadOptions = () => Options;

type OpenedApp = { readonly context: AppContext; readonly options: Options };

/** The default address for people if none is configured. */
export function defaultPublicUrl(options: Pick<Options, "publicUrl" | "host" | "port">): string {
  if (options.publicUrl !== null) return options.publicUrl;
  const anywhere = options.host === "0.0.0.0" || options.host === "::";
  const host = anywhere ? "localhost" : options.host.includes(":") ? `[${options.host}]` : options.host;
  return `http://${host}:${options.port}`;
}

/**
 * Opens and migrates the store for a short-lived command; a server can run at the same time.
 *
 * @throws {ConfigurationError} {WeakKeyError} {NewerSchemaError}; {CommandError} if there is no embedded database yet,
 * since a missing variable is more likely than a new instance.
 */
export async function withApp<Result>(
  loadOptions: LoadOptions,
  work: (opened: OpenedApp) => Promise<Result>,
): Promise<Result> {
  const options = loadOptions();
  requireDatabase(options);
  return withNewApp(() => options, work);
}

/** Like `withApp`, but creates a missing database. */
export async function withNewApp<Result>(
  loadOptions: LoadOptions,
  work: (opened: OpenedApp) => Promise<Result>,
): Promise<Result> {
  const options = loadOptions();
  const secrets = loadSecrets(options);
  const logger = pino({ level: "silent" });
  const now = Date.now;
  const context = compose({ options, secrets, logger, publicUrl: defaultPublicUrl(options), now });
  try {
    await migrate(context.store.db, context.store.dialect, now());
    return await work({ context, options });
  } finally {
    await context.close();
  }
}

/** @throws {CommandError} when the options name an embedded database that does not exist. */
export function requireDatabase({ databaseUrl, dataDir }: Options): void {
  const file = join(dataDir, SQLITE_FILE);
  if (databaseUrl !== null || existsSync(file)) return;
  throw new CommandError(
    `There is no database at ${file}, and DATABASE_URL is not set. Run the command with the server's environment variables, such as OPENSEND_DATA_DIR, or with --env-file.`,
  );
}

/** Names the database of these options, without credentials. */
export function nameDatabase({ databaseUrl, dataDir }: Options): string {
  return databaseUrl === null
    ? `the database at ${join(dataDir, SQLITE_FILE)}`
    : "the database of DATABASE_URL";
}
