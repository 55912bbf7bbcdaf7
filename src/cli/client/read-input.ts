import { readFileSync } from "node:fs";
import { CommandError } from "../command-error.ts";

const STANDARD_INPUT = 0;

/**
 * Reads a text file, or standard input for `-`.
 *
 * @throws {CommandError} naming the file.
 */
export function readInput(file: string): string {
  try {
    const bytes = readFileSync(file === "-" ? STANDARD_INPUT : file);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const name = file === "-" ? "Standard input" : file;
    const reason =
      code === undefined || code.startsWith("ERR_") ? "is not UTF-8 text" : `cannot be read (${code})`;
    throw new CommandError(`${name} ${reason}.`);
  }
}
