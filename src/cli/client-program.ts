import type { Command } from "commander";
import { loadClientOptions, readProcessEnvironment } from "../config/load.ts";
import { createBaseProgram, envFileOf } from "./base-program.ts";
import { CLIENT_COMMANDS } from "./client/client-commands.ts";

/**
 * A program with only the commands that call a server, which starts in a fraction of the time that loading a server
 * takes.
 */
export function createClientProgram(): Command {
  const program = createBaseProgram();
  for (const add of CLIENT_COMMANDS) {
    add(program, () => loadClientOptions(readProcessEnvironment(envFileOf(program))));
  }
  return program;
}
