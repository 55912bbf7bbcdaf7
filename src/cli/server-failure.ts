import { WeakKeyError } from "../crypto/keyring.ts";
import { SchemaFaultError } from "../db/check-schema.ts";
import { isDatabaseUnavailable } from "../db/database-error.ts";
import { NewerSchemaError } from "../db/migrate.ts";
import { DamagedDatabaseError } from "../db/sqlite/damaged-database-error.ts";
import { FolderBusyError } from "../db/sqlite/presence.ts";
import { OpenSendError } from "../domain/errors.ts";
import type { DescribeFailure } from "./report-failure.ts";

/** Errors whose messages tell people what happened and what to do. */
const STATED = [DamagedDatabaseError, NewerSchemaError, SchemaFaultError, FolderBusyError] as const;

/** Describes failures of the server's parts. */
export const describeServerFailure: DescribeFailure = (error) => {
  if (error instanceof WeakKeyError) {
    const text = `The sealing key ${error.message}. Set INTEGRATION_SECRET_ENCRYPTION_KEY to 32 random bytes: openssl rand -base64 32`;
    return { text, isWrongUsage: true };
  }
  if (error instanceof OpenSendError) {
    const fields = error.fields.map((field) => `  ${field.path}: ${field.message}`);
    return { text: [error.detail, ...fields].join("\n"), isWrongUsage: false };
  }
  if (STATED.some((kind) => error instanceof kind)) {
    return { text: (error as Error).message, isWrongUsage: false };
  }
  if (!isDatabaseUnavailable(error)) return null;
  return {
    text: "The database is unreachable or refuses writes. Check that it runs, that its disk has free space and that DATABASE_URL is correct. `opensend doctor` shows details.",
    isWrongUsage: false,
  };
};
