import { describeUnsealError, keyIdOf, UnsealError } from "../crypto/seal.ts";
import type { IntegrationsDeps } from "./deps.ts";
import { describeEndpoint, endpointColumns, openCredentials, sealCredentials } from "./endpoint.ts";

const BATCH_SIZE = 100;

export type RotationResult = {
  readonly resealed: number;
  readonly current: number;
  /** Connections that none of the available keys opens. */
  readonly unreadable: readonly {
    readonly id: string;
    readonly name: string;
    /** Completes a sentence about the connection. */
    readonly reason: string;
  }[];
};

/**
 * Re-seals every connection's credentials with the current key. Safe while servers run: each row is written only if its
 * ciphertext has not changed, and a server with both keys reads either. Can be stopped and repeated at any time. With
 * `isTrial`, only reports what would be done. Credentials already sealed with the current key are opened too, to detect
 * damage.
 */
export async function rotateSecrets(
  deps: Pick<IntegrationsDeps, "db" | "keyring">,
  isTrial = false,
): Promise<RotationResult> {
  let resealed = 0;
  let current = 0;
  const unreadable: { id: string; name: string; reason: string }[] = [];
  for (let after = ""; ; ) {
    const rows = await deps.db
      .selectFrom("connections")
      .select(["id", "workspace_id", "name", "sealed_credentials"])
      .where("sealed_credentials", "is not", null)
      .where("id", ">", after)
      .orderBy("id")
      .limit(BATCH_SIZE)
      .execute();
    for (const row of rows) {
      const sealed = row.sealed_credentials ?? "";
      const isCurrent = keyIdOf(sealed) === deps.keyring.current.id;
      const reason = await reseal(deps, { ...row, sealed }, isCurrent || isTrial);
      if (reason !== null) unreadable.push({ id: row.id, name: row.name, reason });
      else if (isCurrent) current++;
      else resealed++;
    }
    const last = rows.at(-1);
    if (last === undefined) return { resealed, current, unreadable };
    after = last.id;
  }
}

/** Returns null on success, or else the reason. */
async function reseal(
  deps: Pick<IntegrationsDeps, "db" | "keyring">,
  row: { id: string; workspace_id: string; sealed: string },
  isKept: boolean,
): Promise<string | null> {
  const binding = { workspaceId: row.workspace_id, connectionId: row.id };
  try {
    const credentials = openCredentials(deps.keyring, binding, row.sealed);
    if (isKept) return null;
    await deps.db
      .updateTable("connections")
      .set({
        sealed_credentials: sealCredentials(deps.keyring, binding, credentials),
        ...endpointColumns(describeEndpoint(deps.keyring, new URL(credentials.webhookUrl))),
      })
      .where("id", "=", row.id)
      .where("sealed_credentials", "=", row.sealed)
      .execute();
    return null;
  } catch (error) {
    if (!(error instanceof UnsealError)) throw error;
    return describeUnsealError(error, deps.keyring);
  }
}
