import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { CommandError } from "./command-error.ts";

/**
 * Asks for a secret without echoing it. A command-line argument would appear in the process list and in the shell's
 * history.
 *
 * @param variable Name of the environment variable to set instead.
 * @throws {CommandError} when there is no terminal.
 */
export async function askHidden(question: string, variable: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new CommandError(`There is no terminal to ask for a value. Set ${variable}.`);
  }
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await terminal.question("");
  } finally {
    terminal.close();
    process.stderr.write("\n");
  }
}
