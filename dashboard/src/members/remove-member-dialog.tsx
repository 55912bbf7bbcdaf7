import { useQueryClient } from "@tanstack/react-query";
import { answerOf, api } from "../api/client.ts";
import type { Member } from "../api/types.ts";
import { useSession } from "../session/session-query.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { toast } from "../ui/toast.tsx";
import { invitationsQuery, membersQuery } from "./queries.ts";

export function RemoveMemberDialog({ member, onClose }: { member: Member | null; onClose: () => void }) {
  const queryClient = useQueryClient();
  const { workspace } = useSession();
  const remove = async () => {
    if (member === null) return;
    await answerOf(api.DELETE("/api/members/{id}", { params: { path: { id: member.id } } }));
    await Promise.all([
      queryClient.invalidateQueries(membersQuery),
      queryClient.invalidateQueries(invitationsQuery),
    ]);
    toast(`Removed ${member.name}.`);
  };
  return (
    <ConfirmDialog
      open={member !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`Remove ${member?.name ?? "member"}?`}
      confirmLabel="Remove"
      keepLabel="Keep them"
      onConfirm={remove}
    >
      They lose access to {workspace.name} at once, and their open invitations are revoked. API keys they made
      stay valid: revoke those under API keys. Their account stays.
    </ConfirmDialog>
  );
}
