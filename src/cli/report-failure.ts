import { CommanderError } from "commander";
import { ConfigurationError } from "../config/configuration-error.ts";
import { WeakKeyError } from "../crypto/keyring.ts";
import { SchemaFaultError } from "../db/check-schema.ts";
import { isDatabaseUnavailable } from "../db/database-error.ts";
import { NewerSchemaError } from "../db/migrate.ts";
import { DamagedDatabaseError } from "../db/sqlite/damaged-database-error.ts";
import { FolderBusyError } from "../db/sqlite/presence.ts";
import { OpenSendError } from "../domain/errors.ts";
import { LostOutputError } from "./print.ts";

const FAILED = 1;
const WRONG_USAGE = 2;

/** A reason a command ended without doing its work, ready to read: what happened and what to do. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** An argument that is not valid; the message names it and what it takes. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Their messages are for people: what happened and what to do. */
const STATED = [
  CommandError,
  LostOutputError,
  DamagedDatabaseError,
  NewerSchemaError,
  SchemaFaultError,
  FolderBusyError,
] as const;

/** Prints why a command failed, and returns its exit code. */
export function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE;
  if (error instanceof ConfigurationError || error instanceof UsageError) {
    console.error(error.message);
    return WRONG_USAGE;
  }
  if (error instanceof WeakKeyError) {
    console.error(
      `The sealing key ${error.message}. Set INTEGRATION_SECRET_ENCRYPTION_KEY to 32 random bytes: openssl rand -base64 32`,
    );
    return WRONG_USAGE;
  }
  if (error instanceof OpenSendError) {
    console.error(
      [error.detail, ...error.fields.map((field) => `  ${field.path}: ${field.message}`)].join("\n"),
    );
    return FAILED;
  }
  if (STATED.some((kind) => error instanceof kind)) {
    console.error((error as Error).message);
    return FAILED;
  }
  console.error(describeUnexpected(error));
  return FAILED;
}

function describeUnexpected(error: unknown): string {
  if (isDatabaseUnavailable(error)) {
    return "The database is unreachable or refuses writes. Check that it runs, that its disk has free space and that DATABASE_URL is correct. `opensend doctor` shows details.";
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
