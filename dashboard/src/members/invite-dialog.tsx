import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Invitation } from "../api/types.ts";
import { Dialog } from "../ui/dialog.tsx";
import { ShownOnce } from "../ui/shown-once.tsx";
import { InviteForm } from "./invite-form.tsx";
import { invitationsQuery } from "./queries.ts";

type Made = { readonly url: string; readonly invitation: Invitation };

/** Invites somebody and shows the link once. It lives in this dialog's state and nowhere else. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const [made, setMade] = useState<Made | null>(null);
  const [wasCopied, setWasCopied] = useState(false);
  const show = (next: Made) => {
    setMade(next);
    void queryClient.invalidateQueries(invitationsQuery);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={made === null ? "Invite to the workspace" : "Send this link now"}
      description={
        made === null
          ? "You get a link to send to them yourself: OpenSend sends no mail."
          : `Send it to ${made.invitation.email}. It works once, for 7 days, and cannot be shown again.`
      }
      canDismiss={made === null || wasCopied}
    >
      {made === null ? (
        <InviteForm onMade={show} onCancel={onClose} />
      ) : (
        <ShownOnce
          value={made.url}
          what="invitation link"
          storedLabel="I have sent it"
          onCopied={() => setWasCopied(true)}
          onStored={onClose}
        >
          Anyone with the link can join. Send it over a private channel.
        </ShownOnce>
      )}
    </Dialog>
  );
}
