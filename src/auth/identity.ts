import type { Access, Role } from "../db/schema.ts";
import type { ActingKey, Actor } from "../domain/actor.ts";

export type KeyIdentity = Identity & { kind: "api_key" };

/** The caller of a request, and its workspace. */
export type Identity =
  | {
      readonly kind: "user";
      readonly workspaceId: string;
      readonly userId: string;
      readonly sessionId: string;
      readonly name: string;
      readonly role: Role;
    }
  | ({
      readonly kind: "api_key";
      readonly workspaceId: string;
      readonly keyId: string;
      readonly name: string;
      readonly access: Access;
    } & Pick<ActingKey, "ownerId" | "eventTypes">);

/**
 * The permission that a call requires: valid credentials, reading, changing, posting events, a person's session, or
 * administering other people's access. No key can administer, since its holder could use it to extend their own access.
 */
export type Requirement = "known" | "read" | "change" | "send" | "session" | "administer";

/**
 * Whether an identity has the permission that a call requires.
 *
 * @param isForOwn Whether the call is open to keys with `connections` access, because it limits them to their own
 * connections.
 */
export function allows(identity: Identity, requirement: Requirement, isForOwn = false): boolean {
  if (requirement === "known") return true;
  if (identity.kind === "user") {
    return identity.role !== "viewer" || requirement === "read" || requirement === "session";
  }
  if (requirement === "session" || requirement === "administer") return false;
  switch (identity.access) {
    case "full_access":
      return true;
    case "sending_access":
      return requirement === "send";
    case "connections":
      return isForOwn;
  }
}

/** Whether the caller can neither see nor change connections that others created. */
export function isConfined(identity: Identity): identity is KeyIdentity {
  return identity.kind === "api_key" && identity.access === "connections";
}

/** The caller's permissions, in machine-readable form. */
export type CallerScope = (typeof CALLER_SCOPES)[number];

export const CALLER_SCOPES = [
  "events:send",
  "events:read",
  "connections:own",
  "deliveries:own",
  "connections:read",
  "connections:write",
  "deliveries:read",
  "deliveries:write",
  "keys:read",
  "keys:write",
  "audit_log:read",
  "members:read",
  "members:write",
  "workspace:write",
] as const;

const SCOPES_OF_READING: readonly CallerScope[] = [
  "events:read",
  "connections:read",
  "deliveries:read",
  "keys:read",
  "audit_log:read",
  "members:read",
];
const SCOPES_OF_CHANGING: readonly CallerScope[] = [
  "events:send",
  "connections:write",
  "deliveries:write",
  "keys:write",
];

export function scopesOf(identity: Identity): readonly CallerScope[] {
  if (isConfined(identity)) return ["events:read", "connections:own", "deliveries:own"];
  if (!allows(identity, "read")) return ["events:send"];
  const scopes = new Set([
    ...SCOPES_OF_READING,
    ...(allows(identity, "change") ? SCOPES_OF_CHANGING : []),
    ...(allows(identity, "administer") ? (["members:write", "workspace:write"] as const) : []),
  ]);
  return CALLER_SCOPES.filter((scope) => scopes.has(scope));
}

export function toActor(identity: Identity, address: string | null): Actor {
  const { kind, name, workspaceId } = identity;
  if (identity.kind === "user") return { kind, id: identity.userId, name, workspaceId, address };
  const { ownerId, eventTypes } = identity;
  const key = { ownerId, isConfined: isConfined(identity), eventTypes };
  return { kind, id: identity.keyId, name, workspaceId, address, key };
}
