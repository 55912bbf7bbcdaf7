import { useQueryClient } from "@tanstack/react-query";
import { api, responseOf } from "../api/client.ts";
import type { ApiKey } from "../api/types.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { toast } from "../ui/toast.tsx";
import { apiKeysQuery } from "./queries.ts";

type RevokeKeyDialogProps = { apiKey: ApiKey | null; onClose: () => void };

export function RevokeKeyDialog({ apiKey, onClose }: RevokeKeyDialogProps) {
  const queryClient = useQueryClient();
  const revoke = async () => {
    if (apiKey === null) return;
    await responseOf(api.DELETE("/api/api-keys/{id}", { params: { path: { id: apiKey.id } } }));
    await queryClient.invalidateQueries(apiKeysQuery);
    toast(`Revoked ${apiKey.name}.`);
  };
  return (
    <ConfirmDialog
      open={apiKey !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`Revoke ${apiKey?.name ?? "key"}?`}
      confirmLabel="Revoke key"
      keepLabel="Keep it"
      onConfirm={revoke}
    >
      Requests with the key{" "}
      <code className="font-mono whitespace-nowrap">
        {apiKey?.prefix}…{apiKey?.last_four}
      </code>{" "}
      are rejected immediately. This cannot be undone.
      {apiKey?.access === "connections" && " The connections it created keep receiving events."}
    </ConfirmDialog>
  );
}
