import { Command } from "commander";
import { VERSION } from "../version.ts";
import { writeText } from "./print.ts";

/**
 * The command line without commands. Commands added to it inherit that wrong usage throws instead of ending the
 * process.
 */
export function createBaseProgram(): Command {
  return new Command("opensend")
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
}

/** The environment file named on the command line. */
export function envFileOf(program: Command): string | undefined {
  return program.opts<{ envFile?: string }>().envFile;
}

/** Removes values from a usage error, since a misplaced argument can be a secret. */
function withoutValue(error: string): string {
  return error
    .replace(/(unknown option '[^'=]*)=.*?(?='\n|$)/s, "$1")
    .replace(/(too many arguments.*?but got \d+): [^\n]*/s, "$1");
}
