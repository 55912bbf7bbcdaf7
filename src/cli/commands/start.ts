import type { Command } from "commander";
import { findBuiltFiles } from "../../app.ts";
import { loadSecrets } from "../../config/secrets.ts";
import { VERSION } from "../../version.ts";
import type { LoadOptions } from "../open-app.ts";
import { openLog } from "../open-log.ts";
import { serve } from "../serve.ts";
import { untilStopped } from "../until-stopped.ts";

export function addStart(program: Command, loadOptions: LoadOptions): void {
  program
    .command("start")
    .description("Run the API, the dashboard and a delivery worker.")
    .addHelpText("after", "\nStops on SIGTERM, SIGHUP or Ctrl-C after finishing requests in progress.")
    .action(async () => {
      // Registered first, so that a signal right after startup still causes a graceful stop.
      const stopped = untilStopped();
      const options = loadOptions();
      const log = await openLog(options.logFormat);
      const server = await serve(options, loadSecrets(options), log);
      log.flush();
      // The log is for machines; these lines are for the person who starts the server, and contain the setup token.
      const notes = [
        `\nOpenSend ${VERSION} is listening on ${server.url}`,
        ...(findBuiltFiles().has("dashboard") ? [] : ["The dashboard is not built: npm run build:dashboard"]),
        // On its own at the end, since opening it is the first step on a new instance.
        ...(server.setupUrl === null ? [] : [`\nCreate the owner's account: ${server.setupUrl}\n`]),
      ];
      console.error(notes.join("\n"));
      await stopped;
      await server.stop();
    });
}
