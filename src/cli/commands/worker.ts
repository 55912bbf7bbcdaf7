import type { Command } from "commander";
import { VERSION } from "../../app.ts";
import { loadSecrets } from "../../config/secrets.ts";
import type { LoadOptions } from "../open-app.ts";
import { openLog } from "../open-log.ts";
import { untilStopped } from "../until-stopped.ts";
import { work } from "../work.ts";

export function addWorker(program: Command, loadOptions: LoadOptions): void {
  program
    .command("worker")
    .description("Deliver only, beside servers that share a PostgreSQL database.")
    .addHelpText(
      "after",
      "\nNeeds the variables of the servers: DATABASE_URL and the keys. Any number may run.\nStops on SIGTERM, SIGHUP or Ctrl-C after what is under way is finished.",
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
