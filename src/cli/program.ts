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
    .description("Send webhooks you can trust, from your own server.")
    .version(VERSION)
    .option(
      "--env-file <file>",
      "read environment variables from this file (default: .env, for variables that are not set)",
    )
    .showHelpAfterError("See --help for usage.")
    .addHelpText(
      "after",
      "\nExit codes: 0 done, 1 failed, 2 wrong usage or configuration.\nDocumentation: /docs on a running server.",
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
