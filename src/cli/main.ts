#!/usr/bin/env node
import { Command } from "commander";
import { VERSION } from "../compose.ts";
import { apiKeysCommand } from "./commands/api-keys.ts";
import { demoCommand } from "./commands/demo.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { listenCommand } from "./commands/listen.ts";
import { migrateCommand } from "./commands/migrate.ts";
import { secretsCommand } from "./commands/secrets.ts";
import { startCommand } from "./commands/start.ts";
import { usersCommand } from "./commands/users.ts";
import { reportFailure } from "./report-failure.ts";

const program = new Command("opensend")
  .description("Self-hosted outbound integrations: signed events to automation tools and any HTTPS endpoint.")
  .version(VERSION)
  .showHelpAfterError("Run with --help to see what it takes.")
  .addHelpText(
    "after",
    "\nExit codes: 0 done, 1 failed, 2 wrong usage or configuration.\nConfiguration: docs/configuration.md",
  )
  .exitOverride();

for (const command of [
  startCommand(),
  migrateCommand(),
  usersCommand(),
  apiKeysCommand(),
  secretsCommand(),
  listenCommand(),
  doctorCommand(),
  demoCommand(),
]) {
  program.addCommand(command.copyInheritedSettings(program));
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
}
