import { useQueryClient } from "@tanstack/react-query";
import type { Alert } from "../api/types.ts";
import { Dialog } from "../ui/dialog.tsx";
import { toast } from "../ui/toast.tsx";
import { AlertForm } from "./alert-form.tsx";
import { alertsQuery } from "./queries.ts";

type AlertDialogProps = {
  /** Null creates a new alert. */
  alert: Alert | null;
  isMailConfigured: boolean;
  onClose: () => void;
};

export function AlertDialog({ alert, isMailConfigured, onClose }: AlertDialogProps) {
  const queryClient = useQueryClient();
  const finish = () => {
    void queryClient.invalidateQueries(alertsQuery);
    toast(alert === null ? "Alert created." : "Alert saved.");
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={alert === null ? "New alert" : `Edit ${alert.name}`}
      description="At most one notice per hour for each connection. Connections that fail together are one notice."
      changesHeight
    >
      <AlertForm alert={alert} isMailConfigured={isMailConfigured} onSaved={finish} onCancel={onClose} />
    </Dialog>
  );
}
