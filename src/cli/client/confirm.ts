import { createInterface } from "node:readline/promises";
import { UsageError } from "../command-error.ts";

/**
 * Asks for confirmation before a change.
 *
 * @throws {UsageError} when there is no terminal.
 */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new UsageError(
      "There is no terminal to ask for a confirmation. Add --yes to go ahead without one.",
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
