import { createHmac } from "node:crypto";
import { equalInConstantTime } from "../crypto/keyring.ts";
import type { Database } from "../db/open.ts";
import { OpenSendError } from "../domain/errors.ts";
import { type CreatedUser, type CreateUserDeps, createUser, setupClosed } from "./create-user.ts";

/**
 * The token of the setup link. Derived from the session secret, so that every node and every restart prints the same
 * link. Works once: until the first account exists.
 */
export function setupToken(sessionSecret: string): string {
  return createHmac("sha256", sessionSecret).update("opensend/setup-token/v1").digest("base64url");
}

/** Whether this instance still has no account. */
export async function isSetupOpen(db: Database): Promise<boolean> {
  const row = await db.selectFrom("instance").select("id").executeTakeFirst();
  return row === undefined;
}

/**
 * Creates the owner and the workspace, given the token the server printed.
 *
 * @throws {OpenSendError} `setup_closed`, `invalid_setup_token`, `validation_failed`.
 */
export async function setUp(
  deps: CreateUserDeps & { readonly sessionSecret: string },
  input: {
    readonly token: string;
    readonly email: string;
    readonly password: string;
    readonly name: string | null;
  },
  address: string | null,
): Promise<CreatedUser> {
  if (!(await isSetupOpen(deps.db))) throw setupClosed();
  if (!equalInConstantTime(input.token, setupToken(deps.sessionSecret))) {
    throw new OpenSendError(
      "invalid_setup_token",
      "The token is not the one this server printed. Copy the whole setup link from its latest start.",
    );
  }
  const name = input.name ?? input.email.split("@")[0] ?? "Owner";
  const owner = { email: input.email, password: input.password, name, role: "owner" } as const;
  return createUser(deps, owner, { kind: "setup", address });
}
