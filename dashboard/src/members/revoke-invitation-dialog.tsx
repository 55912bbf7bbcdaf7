import { useQueryClient } from "@tanstack/react-query";
import { api, responseOf } from "../api/client.ts";
import type { Invitation } from "../api/types.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { toast } from "../ui/toast.tsx";
import { invitationsQuery } from "./queries.ts";

type RevokeInvitationDialogProps = { invitation: Invitation | null; onClose: () => void };

export function RevokeInvitationDialog({ invitation, onClose }: RevokeInvitationDialogProps) {
  const queryClient = useQueryClient();
  const revoke = async () => {
    if (invitation === null) return;
    await responseOf(api.DELETE("/api/invitations/{id}", { params: { path: { id: invitation.id } } }));
    await queryClient.invalidateQueries(invitationsQuery);
    toast(`Revoked the invitation of ${invitation.email}.`);
  };
  return (
    <ConfirmDialog
      open={invitation !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`Revoke the invitation of ${invitation?.email ?? "this person"}?`}
      confirmLabel="Revoke"
      keepLabel="Keep it"
      onConfirm={revoke}
    >
      The link stops working immediately. You can invite them again.
    </ConfirmDialog>
  );
}
