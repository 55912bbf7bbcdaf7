import { pino } from "pino";
import { compose } from "../app.ts";
import { createSteadyClock } from "../composition/steady-clock.ts";
import { loadTracing } from "../composition/tracing.ts";
import { ConfigurationError } from "../config/configuration-error.ts";
import { summarizeOptions } from "../config/load.ts";
import type { Options } from "../config/options.ts";
import type { Secrets } from "../config/secrets.ts";
import { VERSION } from "../version.ts";
import { defaultPublicUrl } from "./open-app.ts";
import { prepareDatabase, startEngine, stopEngine } from "./start-engine.ts";

/**
 * Runs a delivery worker next to servers that share the database. The log goes to `logTo`, one JSON object per line.
 * Returns the function that stops it.
 *
 * @throws {ConfigurationError} on the embedded database, which belongs to a single process.
 */
export async function work(
  options: Options,
  secrets: Secrets,
  logTo: { write: (line: string) => unknown },
): Promise<() => Promise<void>> {
  if (options.databaseUrl === null) {
    throw new ConfigurationError([
      "DATABASE_URL must name a PostgreSQL database: with the embedded database, `opensend start` delivers by itself.",
    ]);
  }
  const logger = pino({ level: options.logLevel, base: null }, logTo);
  const clock = createSteadyClock({ wall: Date.now, monotonic: () => performance.now() });
  const publicUrl = defaultPublicUrl(options);
  const tracing = await loadTracing(options, VERSION, logger);
  const input = { options, secrets, logger, publicUrl, now: clock.now, wallNow: Date.now };
  const context = compose(input, tracing);
  try {
    await prepareDatabase(context, clock, logger);
    await startEngine(context);
  } catch (error) {
    await context.close();
    throw error;
  }
  logger.info({ version: VERSION, options: summarizeOptions(options) }, "delivering");
  return async () => {
    await stopEngine(context);
    logger.info("stopped");
  };
}
