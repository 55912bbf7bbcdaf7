import type { Database } from "../db/open.ts";
import { OpenSendError } from "../domain/errors.ts";
import { type ApiKey, getApiKey } from "./api-keys.ts";
import type { Identity } from "./identity.ts";

/** The caller, as shown to the caller. */
export type CallerDetails = {
  readonly workspace: { readonly id: string; readonly name: string };
  /** Null for a person. */
  readonly key: ApiKey | null;
  /** Null for a key. */
  readonly user: { readonly id: string; readonly name: string; readonly email: string } | null;
};

/** @throws {OpenSendError} `unauthenticated` when the key, person or workspace has just been deleted. */
export async function readCaller(db: Database, identity: Identity): Promise<CallerDetails> {
  const { workspaceId } = identity;
  const workspace = await db
    .selectFrom("workspaces")
    .select(["id", "name"])
    .where("id", "=", workspaceId)
    .executeTakeFirst();
  if (workspace === undefined) throw gone();
  if (identity.kind === "api_key") {
    return { workspace, key: await getApiKey(db, workspaceId, identity.keyId), user: null };
  }
  const user = await db
    .selectFrom("users")
    .select(["id", "name", "email"])
    .where("id", "=", identity.userId)
    .executeTakeFirst();
  if (user === undefined) throw gone();
  return { workspace, key: null, user };
}

function gone(): OpenSendError {
  return new OpenSendError("unauthenticated", "The account or workspace was deleted. Sign in again.");
}
