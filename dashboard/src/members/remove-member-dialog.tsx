import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, responseOf } from "../api/client.ts";
import type { Member } from "../api/types.ts";
import { apiKeysQuery } from "../api-keys/queries.ts";
import { useSession } from "../session/session-query.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { toast } from "../ui/toast.tsx";
import { invitationsQuery, membersQuery } from "./queries.ts";

export function RemoveMemberDialog({ member, onClose }: { member: Member | null; onClose: () => void }) {
  const queryClient = useQueryClient();
  const { workspace } = useSession();
  const [revokesKeys, setRevokesKeys] = useState(false);
  const close = () => {
    setRevokesKeys(false);
    onClose();
  };
  const remove = async () => {
    if (member === null) return;
    const query = { revoke_api_keys: revokesKeys ? ("true" as const) : ("false" as const) };
    await responseOf(api.DELETE("/api/members/{id}", { params: { path: { id: member.id }, query } }));
    await Promise.all([
      queryClient.invalidateQueries(apiKeysQuery),
      queryClient.invalidateQueries(membersQuery),
      queryClient.invalidateQueries(invitationsQuery),
    ]);
    toast(`Removed ${member.name}.`);
  };
  return (
    <ConfirmDialog
      open={member !== null}
      onOpenChange={(open) => !open && close()}
      title={`Remove ${member?.name ?? "member"}?`}
      confirmLabel="Remove"
      keepLabel="Keep"
      onConfirm={remove}
    >
      They lose access to {workspace.name} immediately, and their open invitations are revoked. Their account
      stays. API keys they created stay valid unless you revoke them now.
      <label className="mt-3 flex min-h-11 cursor-pointer items-center gap-3">
        <input
          type="checkbox"
          checked={revokesKeys}
          onChange={(event) => setRevokesKeys(event.target.checked)}
          className="size-4 shrink-0 accent-accent"
        />
        <span>Revoke the API keys they created</span>
      </label>
    </ConfirmDialog>
  );
}
