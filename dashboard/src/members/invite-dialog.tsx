import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Invitation } from "../api/types.ts";
import { Dialog } from "../ui/dialog.tsx";
import { ShownOnce } from "../ui/shown-once.tsx";
import { InviteForm } from "./invite-form.tsx";
import { invitationsQuery } from "./queries.ts";

type CreatedInvitation = {
  readonly url: string;
  readonly invitation: Invitation;
  readonly isMailed: boolean;
};

/** Invites someone and shows the link once. The link exists only in this dialog's state. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const [created, setCreated] = useState<CreatedInvitation | null>(null);
  const [wasCopied, setWasCopied] = useState(false);
  const show = (next: CreatedInvitation) => {
    setCreated(next);
    void queryClient.invalidateQueries(invitationsQuery);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={titleOf(created)}
      description={descriptionOf(created)}
      canDismiss={created === null || created.isMailed || wasCopied}
    >
      {created === null ? (
        <InviteForm onCreated={show} onCancel={onClose} />
      ) : (
        <ShownOnce
          value={created.url}
          what="invitation link"
          storedLabel={created.isMailed ? "Done" : "I have sent it"}
          onCopied={() => setWasCopied(true)}
          onStored={onClose}
        >
          Anyone with this link can join. Send it in a private channel.
        </ShownOnce>
      )}
    </Dialog>
  );
}

function titleOf(created: CreatedInvitation | null): string {
  if (created === null) return "Invite someone";
  return created.isMailed ? "Invitation mailed" : "Copy the invitation link";
}

function descriptionOf(created: CreatedInvitation | null): string {
  if (created === null)
    return "You get a link to send them. If the server sends mail, they get it by mail too.";
  const { email } = created.invitation;
  return created.isMailed
    ? `${email} gets the link by mail. It works once, for 7 days, and cannot be shown again.`
    : `Send it to ${email}. It works once, for 7 days, and cannot be shown again.`;
}
