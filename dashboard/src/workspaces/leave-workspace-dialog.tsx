import { useQuery } from "@tanstack/react-query";
import { changeSession } from "../api/client.ts";
import { enterWorkspace, notifyOtherTabs } from "../session/other-tabs.ts";
import { useSession } from "../session/session-query.ts";
import { closePopup } from "../shell/popup.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { workspacesQuery } from "./queries.ts";

/** Leaves the current workspace. The server refuses this to the last owner, and the dialog shows the reason. */
export function LeaveWorkspaceDialog() {
  const { workspace } = useSession();
  const isOnly = useQuery(workspacesQuery).data?.length === 1;
  const leave = async () => {
    const path = { id: workspace.id };
    await changeSession((api) => api.POST("/api/workspaces/{id}/leave", { params: { path } }));
    notifyOtherTabs(null);
    enterWorkspace();
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && closePopup()}
      title={`Leave ${workspace.name}?`}
      confirmLabel="Leave workspace"
      keepLabel="Stay"
      onConfirm={leave}
    >
      You lose access immediately and need an invitation to come back. Invitations you sent are revoked. API
      keys you created stay valid.{isOnly && " This is your only workspace, so you are signed out."}
    </ConfirmDialog>
  );
}
