import { useQueryClient } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useState } from "react";
import { problemFrom } from "../../api/problem.ts";
import type { DeliveryDetail } from "../../api/types.ts";
import { useReadOnlyReason } from "../../session/session-query.ts";
import { useKeyHint } from "../../shortcuts/use-key-hint.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { toast } from "../../ui/toast.tsx";
import { useNow } from "../../ui/use-now.ts";
import { cancelDelivery, retryDelivery } from "../queries.ts";
import { waitOf } from "../status-words.ts";
import { deliveryCurl } from "./delivery-curl.ts";

const TICK_MS = 1_000;

/** What can be done about a delivery. */
export function DeliveryActions({ delivery }: { delivery: DeliveryDetail }) {
  const curl = deliveryCurl(delivery);
  const copyHint = useKeyHint("c");
  const canCancel =
    delivery.trigger !== "test" && (delivery.status === "pending" || delivery.status === "failed");
  return (
    <div className="flex flex-wrap gap-2">
      <RetryButton delivery={delivery} />
      {canCancel && <CancelButton delivery={delivery} />}
      {curl !== null && <CopyButton hint={copyHint} showsWhat text={() => curl} what="as curl" />}
    </div>
  );
}

function RetryButton({ delivery }: { delivery: DeliveryDetail }) {
  const queryClient = useQueryClient();
  const readOnlyReason = useReadOnlyReason();
  const [isBusy, setIsBusy] = useState(false);
  const nowMs = useNow(TICK_MS);
  const isWaiting = delivery.status === "pending";
  const retry = async () => {
    setIsBusy(true);
    try {
      const wait = waitOf(await retryDelivery(queryClient, delivery.id), Date.now());
      toast(
        wait === null
          ? "Replay queued. It is delivered once the receiver has answered."
          : `Replay queued. Its receiver asked to wait, and is left alone for another ${wait}.`,
      );
    } catch (thrown) {
      toast(`Not replayed. ${problemFrom(thrown).message}`);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Button
      {...useKeyHint("r")}
      variant="primary"
      busy={isBusy}
      disabledReason={readOnlyReason ?? whyNotRetry(delivery, nowMs)}
      onClick={() => void retry()}
    >
      {!isBusy && <RotateCw aria-hidden className="size-4" />}
      {isWaiting ? "Retry now" : "Replay"}
    </Button>
  );
}

function whyNotRetry(delivery: DeliveryDetail, nowMs: number): string | null {
  const { status, trigger, request } = delivery;
  if (trigger === "test") return "A test is sent once. Send another from its connection.";
  if (request.body === null) return "Its payload is deleted, so there is nothing to send.";
  if (status === "cancelled") return "It was cancelled. The list can replay cancelled deliveries.";
  const isDue = status === "pending" && waitOf(delivery, nowMs) === null;
  return isDue ? "It is due already: it is being sent, or leaves as soon as its connection can." : null;
}

function CancelButton({ delivery }: { delivery: DeliveryDetail }) {
  const queryClient = useQueryClient();
  const readOnlyReason = useReadOnlyReason();
  const [asks, setAsks] = useState(false);
  const cancel = async () => {
    await cancelDelivery(queryClient, delivery.id);
    toast("Cancelled.");
  };
  return (
    <>
      <Button
        variant="danger"
        opens={ConfirmDialog}
        disabledReason={readOnlyReason}
        onClick={() => setAsks(true)}
      >
        Cancel delivery
      </Button>
      <ConfirmDialog
        open={asks}
        onOpenChange={setAsks}
        title={`Stop sending this ${delivery.event_type} to ${delivery.connection_name}?`}
        confirmLabel="Cancel delivery"
        keepLabel="Keep it"
        onConfirm={cancel}
      >
        It is not sent any more. Its attempts stay.
      </ConfirmDialog>
    </>
  );
}
