import { CommanderError } from "commander";
import { ConfigurationError } from "../config/configuration-error.ts";
import { CommandError, UsageError } from "./command-error.ts";
import { LostOutputError } from "./print.ts";

const FAILED = 1;
const WRONG_USAGE = 2;

/** The message and exit code of a known failure. */
type Ending = { readonly text: string; readonly isWrongUsage: boolean };

/** Describes a failure; null if it is unknown. */
export type DescribeFailure = (error: unknown) => Ending | null;

/**
 * Prints why a command failed, and returns its exit code.
 *
 * @param describe Describes failures of the server's parts, which commands that call a server do not load.
 */
export function reportFailure(error: unknown, describe: DescribeFailure = () => null): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE;
  const ending = describeOwn(error) ?? describe(error) ?? { text: unexpected(error), isWrongUsage: false };
  console.error(ending.text);
  return ending.isWrongUsage ? WRONG_USAGE : FAILED;
}

function describeOwn(error: unknown): Ending | null {
  if (error instanceof ConfigurationError || error instanceof UsageError) {
    return { text: error.message, isWrongUsage: true };
  }
  const isStated = error instanceof CommandError || error instanceof LostOutputError;
  return isStated ? { text: error.message, isWrongUsage: false } : null;
}

function unexpected(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
