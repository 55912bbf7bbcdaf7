import { useQueryClient } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";
import type { Member } from "../api/types.ts";
import { ROLE_NAMES, type Role } from "../session/roles.ts";
import { sessionQuery } from "../session/session-query.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { toast } from "../ui/toast.tsx";
import { invitationsQuery, membersQuery } from "./queries.ts";

export type RoleChange = { readonly member: Member; readonly role: Role };

/**
 * Asks before a role changes: the change takes effect immediately, and people cannot restore a role that they gave up.
 */
export function ChangeRoleDialog({ change, onClose }: { change: RoleChange | null; onClose: () => void }) {
  const queryClient = useQueryClient();
  const give = async () => {
    if (change === null) return;
    const { member, role } = change;
    await dataOf(api.PATCH("/api/members/{id}", { params: { path: { id: member.id } }, body: { role } }));
    const touched = member.is_you
      ? [membersQuery, invitationsQuery, sessionQuery]
      : [membersQuery, invitationsQuery];
    await Promise.all(touched.map(({ queryKey }) => queryClient.invalidateQueries({ queryKey })));
    toast(`${member.is_you ? "You are" : `${member.name} is`} now ${WITH_ARTICLE[role]}.`);
  };
  return (
    <ConfirmDialog
      open={change !== null}
      onOpenChange={(open) => !open && onClose()}
      title={change === null ? "Change the role?" : titleOf(change)}
      confirmLabel={change === null ? "Change" : `Make ${ROLE_NAMES[change.role].toLowerCase()}`}
      keepLabel="Keep role"
      onConfirm={give}
    >
      {change !== null && consequenceOf(change)}
    </ConfirmDialog>
  );
}

const WITH_ARTICLE: Record<Role, string> = { owner: "an owner", admin: "an admin", viewer: "a viewer" };

function titleOf({ member, role }: RoleChange): string {
  return `Make ${member.is_you ? "yourself" : member.name} ${WITH_ARTICLE[role]}?`;
}

function consequenceOf({ member, role }: RoleChange): string {
  if (member.is_you) return "Takes effect immediately. Someone else has to give the role back to you.";
  if (role === "owner")
    return "Takes effect immediately. Owners can change and remove every member, including you.";
  if (role === "admin")
    return "Takes effect immediately. Admins can change everything except who is an owner.";
  return "Takes effect immediately. Viewers can read everything except secrets. Invitations they created are revoked; their API keys stay valid.";
}
