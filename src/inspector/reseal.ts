import { describeUnsealError, keyIdOf, UnsealError } from "../crypto/seal.ts";
import type { InspectorDeps } from "./deps.ts";
import { openOwnSecret, sealOwnSecret } from "./settings.ts";

export type ResealResult = {
  readonly resealed: number;
  readonly current: number;
  /** `reason` completes a sentence about the secret. */
  readonly unreadable: readonly { readonly workspaceId: string; readonly reason: string }[];
};

/**
 * Re-seals the inspectors' verification secrets under the current key, while servers run. A workspace has at most one,
 * so all are read in one query. With `isTrial` nothing is changed.
 */
export async function resealOwnSecrets(
  { db, keyring }: Pick<InspectorDeps, "db" | "keyring">,
  isTrial = false,
): Promise<ResealResult> {
  const rows = await db
    .selectFrom("inspector_settings")
    .select(["workspace_id", "sealed_secret"])
    .where("sealed_secret", "is not", null)
    .execute();
  let resealed = 0;
  let current = 0;
  const unreadable: { workspaceId: string; reason: string }[] = [];
  for (const { workspace_id: workspaceId, sealed_secret } of rows) {
    const sealed = sealed_secret ?? "";
    const isCurrent = keyIdOf(sealed) === keyring.current.id;
    try {
      const secret = openOwnSecret(keyring, workspaceId, sealed);
      if (isCurrent) current++;
      else resealed++;
      if (isCurrent || isTrial) continue;
      await db
        .updateTable("inspector_settings")
        .set({ sealed_secret: sealOwnSecret(keyring, workspaceId, secret) })
        .where("workspace_id", "=", workspaceId)
        .where("sealed_secret", "=", sealed)
        .execute();
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error;
      unreadable.push({ workspaceId, reason: describeUnsealError(error, keyring) });
    }
  }
  return { resealed, current, unreadable };
}
