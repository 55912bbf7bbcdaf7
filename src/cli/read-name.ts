import { findLineFault } from "../domain/line-fault.ts";
import { UsageError } from "./command-error.ts";

const NAME_LENGTH_MAX = 100;

/**
 * The value of `--name`, validated like all names.
 *
 * @throws {UsageError} naming the fault.
 */
export function readName(given: string): string {
  const name = given.trim();
  if (name === "") throw new UsageError("--name must not be empty.");
  if (name.length > NAME_LENGTH_MAX) {
    throw new UsageError(`--name must have at most ${NAME_LENGTH_MAX} characters.`);
  }
  const fault = findLineFault(name);
  if (fault !== null) throw new UsageError(`--name is refused. ${fault}`);
  return name;
}
