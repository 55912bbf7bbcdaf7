import { keyIdOf, UnsealError } from "../crypto/seal.ts";
import type { InspectorDeps } from "./deps.ts";
import { openOwnSecret, sealOwnSecret } from "./settings.ts";

export type ResealResult = {
  readonly resealed: number;
  readonly current: number;
  readonly unreadable: readonly { readonly workspaceId: string; readonly keyId: string | null }[];
};

/**
 * Re-seals the secrets that inspectors check with under the current key, while servers run. A workspace has one at
 * most, so all are read at once.
 */
export async function resealOwnSecrets({
  db,
  keyring,
}: Pick<InspectorDeps, "db" | "keyring">): Promise<ResealResult> {
  const rows = await db
    .selectFrom("inspector_settings")
    .select(["workspace_id", "sealed_secret"])
    .where("sealed_secret", "is not", null)
    .execute();
  let resealed = 0;
  let current = 0;
  const unreadable: { workspaceId: string; keyId: string | null }[] = [];
  for (const { workspace_id: workspaceId, sealed_secret } of rows) {
    const sealed = sealed_secret ?? "";
    if (keyIdOf(sealed) === keyring.current.id) {
      current++;
      continue;
    }
    try {
      const secret = openOwnSecret(keyring, workspaceId, sealed);
      await db
        .updateTable("inspector_settings")
        .set({ sealed_secret: sealOwnSecret(keyring, workspaceId, secret) })
        .where("workspace_id", "=", workspaceId)
        .where("sealed_secret", "=", sealed)
        .execute();
      resealed++;
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error;
      unreadable.push({ workspaceId, keyId: error.keyId });
    }
  }
  return { resealed, current, unreadable };
}
