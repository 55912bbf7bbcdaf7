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
import { nextAttemptWords, waitOf } from "../status-words.ts";
import { deliveryCurl } from "./delivery-curl.ts";

const TICK_MS = 1_000;

/** Retry, cancel, and copy as curl. */
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
      toast(`Replay queued. ${afterRetry(await retryDelivery(queryClient, delivery.id), Date.now())}`);
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

/** The step that comes before a replay is delivered: no message claims success before the receiver has responded. */
function afterRetry(delivery: DeliveryDetail, nowMs: number): string {
  if (delivery.hold && delivery.hold.reason !== "queue") return nextAttemptWords(delivery, nowMs) ?? "";
  const wait = waitOf(delivery, nowMs);
  return wait === null
    ? "Delivered once the receiver has responded."
    : `The receiver asked to wait. Next attempt in ${wait}.`;
}

function whyNotRetry(delivery: DeliveryDetail, nowMs: number): string | null {
  const { status, trigger, request } = delivery;
  if (trigger === "test") return "Test events are sent once. Send another from the connection's page.";
  if (request.body === null) return "The payload is deleted, so there is nothing to send.";
  if (status === "cancelled") return "Cancelled. To send it again, replay it from the list of deliveries.";
  if (status !== "pending" || waitOf(delivery, nowMs) !== null) return null;
  return delivery.hold && delivery.hold.reason !== "queue"
    ? nextAttemptWords(delivery, nowMs)
    : "Already due. It is being sent, or is next in its connection's queue.";
}

function CancelButton({ delivery }: { delivery: DeliveryDetail }) {
  const queryClient = useQueryClient();
  const readOnlyReason = useReadOnlyReason();
  const [isConfirming, setIsConfirming] = useState(false);
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
        onClick={() => setIsConfirming(true)}
      >
        Cancel delivery
      </Button>
      <ConfirmDialog
        open={isConfirming}
        onOpenChange={setIsConfirming}
        title={`Stop sending this ${delivery.event_type} to ${delivery.connection_name}?`}
        confirmLabel="Cancel delivery"
        keepLabel="Keep it"
        onConfirm={cancel}
      >
        OpenSend stops sending it. Earlier attempts stay on record.
      </ConfirmDialog>
    </>
  );
}
