import { useQueryClient } from "@tanstack/react-query";
import { Eraser } from "lucide-react";
import { useState } from "react";
import type { EventDetail } from "../api/types.ts";
import { useReadOnlyReason } from "../session/session-query.ts";
import { counted } from "../text/count.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { toast } from "../ui/toast.tsx";
import { eventCurl } from "./event-request.ts";
import { eraseEventData } from "./queries.ts";

/** The actions on an event. */
export function EventActions({ event }: { event: EventDetail }) {
  const { type, data_text, origin } = event;
  if (data_text === null) return null;
  return (
    <>
      {origin === "application" && (
        <CopyButton showsWhat text={() => eventCurl(location.origin, type, data_text)} what="as curl" />
      )}
      <EraseButton event={event} />
    </>
  );
}

function EraseButton({ event }: { event: EventDetail }) {
  const queryClient = useQueryClient();
  const readOnlyReason = useReadOnlyReason();
  const [isOpen, setIsOpen] = useState(false);
  const { pending } = event.outcomes;
  const erase = async () => {
    await eraseEventData(queryClient, event.id);
    toast("Payload erased.");
  };
  return (
    <>
      <Button opens={ConfirmDialog} disabledReason={readOnlyReason} onClick={() => setIsOpen(true)}>
        <Eraser aria-hidden className="size-4" />
        Erase payload
      </Button>
      <ConfirmDialog
        open={isOpen}
        onOpenChange={setIsOpen}
        title="Erase the payload of this event?"
        confirmLabel="Erase payload"
        keepLabel="Keep it"
        onConfirm={erase}
      >
        The data, the requests and the responses of its deliveries are deleted for good. This cannot be
        undone, and the event cannot be sent again.
        {pending > 0 && ` ${counted(pending, "pending delivery is", "pending deliveries are")} cancelled.`}{" "}
        The event and the statuses of its deliveries stay.
      </ConfirmDialog>
    </>
  );
}
