import { ROLE_NAMES, type Role } from "../session/roles.ts";

export const ROLE_OPTIONS = [
  {
    value: "viewer",
    label: ROLE_NAMES.viewer,
    description: "Read-only. Cannot see secrets.",
  },
  {
    value: "admin",
    label: ROLE_NAMES.admin,
    description: "Manages connections, events, replays and API keys. Invites and removes people.",
  },
  {
    value: "owner",
    label: ROLE_NAMES.owner,
    description:
      "Everything an admin can do, and decides who is an owner. A workspace has at least one owner.",
  },
] as const satisfies readonly { value: Role; label: string; description: string }[];

/** The roles that a member can give to others. */
export function assignableRoles(role: Role) {
  return role === "owner" ? ROLE_OPTIONS : ROLE_OPTIONS.filter(({ value }) => value !== "owner");
}

/** Why someone cannot change a member's role or remove them; null when they can. */
export function reasonAgainst(
  own: { readonly role: Role; readonly readOnlyReason: string | null },
  member: { readonly role: Role; readonly isLastOwner: boolean },
): string | null {
  if (own.readOnlyReason !== null) return own.readOnlyReason;
  if (member.role === "owner" && own.role !== "owner") return "Only an owner can change or remove an owner.";
  return member.isLastOwner ? LAST_OWNER_REASON : null;
}

/** Why someone cannot revoke an invitation; null when they can. */
export function reasonAgainstRevoking(
  own: { readonly role: Role; readonly readOnlyReason: string | null },
  invitation: { readonly role: Role },
): string | null {
  if (own.readOnlyReason !== null) return own.readOnlyReason;
  return invitation.role === "owner" && own.role !== "owner"
    ? "Only an owner can revoke the invitation of an owner."
    : null;
}

export const LAST_OWNER_REASON = "A workspace needs at least one owner. Make someone else an owner first.";
