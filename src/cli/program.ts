import { Command } from "commander";
import { VERSION } from "../app.ts";
import { loadProcessOptions } from "../config/load.ts";
import { addApiKeys } from "./commands/api-keys.ts";
import { addBackup } from "./commands/backup.ts";
import { addDemo } from "./commands/demo.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addListen } from "./commands/listen.ts";
import { addMigrate } from "./commands/migrate.ts";
import { addSecrets } from "./commands/secrets.ts";
import { addStart } from "./commands/start.ts";
import { addUsers } from "./commands/users.ts";
import { addWorker } from "./commands/worker.ts";
import { writeText } from "./print.ts";

/** The command line as a whole. Commands inherit that wrong usage throws instead of ending the process. */
export function createProgram(): Command {
  const program = new Command("opensend")
    .description(
      "Self-hosted outbound integrations: signed events to automation tools and any HTTPS endpoint.",
    )
    .version(VERSION)
    .option("--env-file <file>", "read variables from this file first; without it, from .env last")
    .showHelpAfterError("Run with --help to see what it takes.")
    .addHelpText(
      "after",
      "\nExit codes: 0 done, 1 failed, 2 wrong usage or configuration.\nConfiguration: docs/configuration.md",
    )
    .configureOutput({ writeOut: writeText, outputError: (text, write) => write(withoutValue(text)) })
    .exitOverride();
  const loadOptions = () => loadProcessOptions(program.opts<{ envFile?: string }>().envFile);
  for (const add of [
    addStart,
    addWorker,
    addMigrate,
    addUsers,
    addApiKeys,
    addSecrets,
    addBackup,
    addListen,
    addDoctor,
    addDemo,
  ]) {
    add(program, loadOptions);
  }
  return program;
}

/** An option that is not known may have been given a secret. */
function withoutValue(error: string): string {
  return error.replace(/(unknown option '[^'=]*)=.*?(?='\n|$)/s, "$1");
}
