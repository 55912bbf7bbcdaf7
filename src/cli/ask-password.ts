import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { CommandError } from "./report-failure.ts";

/**
 * Asks for a password without showing what is typed.
 *
 * @throws {CommandError} when there is no terminal to ask at.
 */
export async function askPassword(question: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new CommandError("There is no terminal to ask for the password. Set OPENSEND_PASSWORD.");
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
