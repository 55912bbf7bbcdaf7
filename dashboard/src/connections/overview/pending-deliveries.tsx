import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Connection } from "../../api/types.ts";
import { useReadOnlyReason } from "../../session/session-query.ts";
import { counted } from "../../text/count.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { toast } from "../../ui/toast.tsx";
import { clearQueue } from "../change-connection.ts";

/** The number of pending deliveries, with a link to them and a button to cancel them. */
export function PendingDeliveries({ connection }: { connection: Connection }) {
  const queryClient = useQueryClient();
  const readOnlyReason = useReadOnlyReason();
  const [isConfirming, setIsConfirming] = useState(false);
  const { id, name, pending_count: pending } = connection;
  if (pending === 0) return null;
  const clear = async () => {
    const cancelled = await clearQueue(queryClient, id);
    toast(`Cancelled ${counted(cancelled, "delivery", "deliveries")}.`);
  };
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Link
        to="/deliveries"
        search={{ connection: id, status: "pending" }}
        className="inline-flex min-h-11 items-center font-medium text-accent hover:underline md:min-h-0"
      >
        {counted(pending, "delivery waiting", "deliveries waiting")}
      </Link>
      <Button
        variant="quiet"
        opens={ConfirmDialog}
        disabledReason={readOnlyReason}
        onClick={() => setIsConfirming(true)}
      >
        Clear queue
      </Button>
      <ConfirmDialog
        open={isConfirming}
        onOpenChange={setIsConfirming}
        title={`Cancel everything that waits for ${name}?`}
        confirmLabel="Clear queue"
        keepLabel="Keep it"
        onConfirm={clear}
      >
        {counted(pending, "pending delivery is", "pending deliveries are")} cancelled and will not be sent.
        History stays: cancelled deliveries can be replayed while their payload is kept.
      </ConfirmDialog>
    </div>
  );
}
