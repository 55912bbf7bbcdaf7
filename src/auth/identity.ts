import type { Access, Role } from "../db/schema.ts";
import type { Actor } from "../domain/actor.ts";

/** Who a request comes from, and in which workspace. */
export type Identity =
  | {
      readonly kind: "user";
      readonly workspaceId: string;
      readonly userId: string;
      readonly sessionId: string;
      readonly name: string;
      readonly role: Role;
    }
  | {
      readonly kind: "api_key";
      readonly workspaceId: string;
      readonly keyId: string;
      readonly name: string;
      readonly access: Access;
    };

/**
 * What a call asks of its caller: to look, to change, to post events, to be a person signed in, or to be a person who may
 * say what others may do. No key may do the last: anyone who holds one could give themselves more with it.
 */
export type Requirement = "read" | "change" | "send" | "session" | "administer";

/** Whether an identity may do what a call requires. */
export function allows(identity: Identity, requirement: Requirement): boolean {
  if (identity.kind === "api_key") {
    if (requirement === "session" || requirement === "administer") return false;
    return identity.access === "full_access" || requirement === "send";
  }
  return identity.role !== "viewer" || requirement === "read" || requirement === "session";
}

export function toActor(identity: Identity, address: string | null): Actor {
  const id = identity.kind === "user" ? identity.userId : identity.keyId;
  return { kind: identity.kind, id, name: identity.name, workspaceId: identity.workspaceId, address };
}
