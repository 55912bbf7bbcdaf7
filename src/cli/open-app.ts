import { pino } from "pino";
import { type AppContext, compose } from "../app.ts";
import { loadProcessOptions } from "../config/load.ts";
import type { Options } from "../config/options.ts";
import { loadSecrets } from "../config/secrets.ts";
import { migrate } from "../db/migrate.ts";

type OpenedApp = { readonly context: AppContext; readonly options: Options };

/** Address people use when nothing else is configured. */
export function defaultPublicUrl(options: Pick<Options, "publicUrl" | "host" | "port">): string {
  if (options.publicUrl !== null) return options.publicUrl;
  const anywhere = options.host === "0.0.0.0" || options.host === "::";
  const host = anywhere ? "localhost" : options.host.includes(":") ? `[${options.host}]` : options.host;
  return `http://${host}:${options.port}`;
}

/**
 * Opens the store with this environment, migrated, for a command that runs and ends; a server may run meanwhile.
 *
 * @throws {ConfigurationError} {WeakKeyError} {NewerSchemaError}
 */
export async function withApp<Result>(work: (opened: OpenedApp) => Promise<Result>): Promise<Result> {
  const options = loadProcessOptions();
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
