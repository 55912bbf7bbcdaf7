import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Invitation } from "../api/types.ts";
import { Dialog } from "../ui/dialog.tsx";
import { ShownOnce } from "../ui/shown-once.tsx";
import { InviteForm } from "./invite-form.tsx";
import { invitationsQuery } from "./queries.ts";

type Made = { readonly url: string; readonly invitation: Invitation; readonly isMailed: boolean };

/** Invites someone and shows the link once. The link exists only in this dialog's state. */
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
      title={titleOf(made)}
      description={descriptionOf(made)}
      canDismiss={made === null || made.isMailed || wasCopied}
    >
      {made === null ? (
        <InviteForm onMade={show} onCancel={onClose} />
      ) : (
        <ShownOnce
          value={made.url}
          what="invitation link"
          storedLabel={made.isMailed ? "Done" : "I have sent it"}
          onCopied={() => setWasCopied(true)}
          onStored={onClose}
        >
          Anyone with this link can join. Send it in a private channel.
        </ShownOnce>
      )}
    </Dialog>
  );
}

function titleOf(made: Made | null): string {
  if (made === null) return "Invite someone";
  return made.isMailed ? "Invitation mailed" : "Copy the invitation link";
}

function descriptionOf(made: Made | null): string {
  if (made === null) return "You get a link to send them. If the server sends mail, they get it by mail too.";
  const { email } = made.invitation;
  return made.isMailed
    ? `${email} gets the link by mail. It works once, for 7 days, and cannot be shown again.`
    : `Send it to ${email}. It works once, for 7 days, and cannot be shown again.`;
}
