import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { pino } from "pino";
import { compose } from "../app.ts";
import { isSetupOpen, setupToken } from "../auth/set-up.ts";
import { createSteadyClock } from "../composition/steady-clock.ts";
import { loadTracing } from "../composition/tracing.ts";
import { summarizeOptions } from "../config/load.ts";
import type { Options } from "../config/options.ts";
import type { Secrets } from "../config/secrets.ts";
import { createApp } from "../http/app.ts";
import { VERSION } from "../version.ts";
import { CommandError } from "./command-error.ts";
import { defaultPublicUrl } from "./open-app.ts";
import { prepareDatabase, startEngine, stopEngine } from "./start-engine.ts";

export type RunningServer = {
  readonly url: string;
  /** The page that creates the first account, or null if there is one. */
  readonly setupUrl: string | null;
  /** Finishes work in progress, then closes everything. */
  readonly stop: () => Promise<void>;
};

/** Starts the API and the dashboard on one port. The log goes to `logTo`, one JSON object per line. */
export async function serve(
  options: Options,
  secrets: Secrets,
  logTo: { write: (line: string) => unknown },
): Promise<RunningServer> {
  const logger = pino({ level: options.logLevel, base: null }, logTo);
  const port = options.port === 0 ? await freePort(options.host) : options.port;
  const publicUrl = defaultPublicUrl({ ...options, port });
  const clock = createSteadyClock({ wall: Date.now, monotonic: () => performance.now() });
  const tracing = await loadTracing(options, VERSION, logger);
  const input = { options, secrets, logger, publicUrl, now: clock.now, wallNow: Date.now };
  const context = compose(input, tracing);
  try {
    await prepareDatabase(context, clock, logger);
    const app = await createApp(context.services);
    await app.listen({ host: options.host, port });
    await startEngine(context);
    for (const notice of secrets.notices) logger.warn(notice);
    logger.info({ version: VERSION, url: publicUrl, options: summarizeOptions(options) }, "listening");
    const open = await isSetupOpen(context.store.db);
    return {
      url: publicUrl,
      setupUrl: open ? `${publicUrl}/setup?token=${setupToken(secrets.sessionSecret)}` : null,
      stop: async () => {
        await app.close();
        await stopEngine(context);
        logger.info("stopped");
      },
    };
  } catch (error) {
    await context.close();
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") {
      throw new CommandError(
        `Port ${port} on ${options.host} is already in use. Stop the other program, or set PORT to another port.`,
      );
    }
    throw error;
  }
}

/** The port must be known before anything is built, since links and cookies contain it. */
async function freePort(host: string): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", reject);
    probe.listen(0, host, resolve);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
