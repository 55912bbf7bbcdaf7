import type { Command } from "commander";
import { loadSecrets } from "../../config/secrets.ts";
import { VERSION } from "../../version.ts";
import type { LoadOptions } from "../open-app.ts";
import { openLog } from "../open-log.ts";
import { untilStopped } from "../until-stopped.ts";
import { work } from "../work.ts";

export function addWorker(program: Command, loadOptions: LoadOptions): void {
  program
    .command("worker")
    .description("Run a delivery worker without the API or dashboard.")
    .addHelpText(
      "after",
      "\nNeeds the same DATABASE_URL and keys as the servers. Run as many as you like.\nStops on SIGTERM, SIGHUP or Ctrl-C after finishing deliveries in progress.",
    )
    .action(async () => {
      const stopped = untilStopped();
      const options = loadOptions();
      const stop = await work(options, loadSecrets(options), await openLog(options.logFormat));
      console.error(`\nOpenSend ${VERSION} is delivering`);
      await stopped;
      await stop();
    });
}
