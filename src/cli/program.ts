import type { Command } from "commander";
import { loadClientOptions, loadProcessOptions, readProcessEnvironment } from "../config/load.ts";
import { createBaseProgram, envFileOf } from "./base-program.ts";
import { CLIENT_COMMANDS } from "./client/client-commands.ts";
import { addApiKeys } from "./commands/api-keys.ts";
import { addBackup } from "./commands/backup.ts";
import { addCompletion } from "./commands/completion.ts";
import { addDemo } from "./commands/demo.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addMigrate } from "./commands/migrate.ts";
import { addSecrets } from "./commands/secrets.ts";
import { addStart } from "./commands/start.ts";
import { addUsers } from "./commands/users.ts";
import { addWorker } from "./commands/worker.ts";

const SERVER_COMMANDS = [
  addStart,
  addWorker,
  addMigrate,
  addUsers,
  addApiKeys,
  addSecrets,
  addBackup,
  addDoctor,
  addDemo,
] as const;

/** The complete command line. */
export function createProgram(): Command {
  const program = createBaseProgram();
  const loadOptions = () => loadProcessOptions(envFileOf(program));
  const loadClient = () => loadClientOptions(readProcessEnvironment(envFileOf(program)));
  program.commandsGroup("Run a server:");
  for (const add of SERVER_COMMANDS) add(program, loadOptions);
  program.commandsGroup("Call a server:");
  for (const add of CLIENT_COMMANDS) add(program, loadClient);
  program.commandsGroup("Other:");
  addCompletion(program);
  return program;
}
