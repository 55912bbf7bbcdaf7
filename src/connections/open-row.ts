import { UnsealError } from "../crypto/seal.ts";
import type { Credentials } from "../domain/connection.ts";
import { OpenSendError } from "../domain/errors.ts";
import type { ConnectionRow } from "./connection-row.ts";
import type { IntegrationsDeps } from "./deps.ts";
import { openCredentials } from "./endpoint.ts";

/**
 * Opens a row's credentials, to change a part of them.
 *
 * @throws {OpenSendError} `credentials_unreadable` when none of the available keys opens them.
 */
export function openRow(
  { keyring }: Pick<IntegrationsDeps, "keyring">,
  row: Pick<ConnectionRow, "id" | "workspace_id">,
  sealed: string,
): Credentials {
  try {
    return openCredentials(keyring, { workspaceId: row.workspace_id, connectionId: row.id }, sealed);
  } catch (error) {
    if (!(error instanceof UnsealError)) throw error;
    throw new OpenSendError(
      "credentials_unreadable",
      "The stored credentials cannot be decrypted, so one of them alone cannot be replaced. Send webhook_url and signing_secret (or null) together, or add the earlier key as INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS.",
      { cause: error },
    );
  }
}
