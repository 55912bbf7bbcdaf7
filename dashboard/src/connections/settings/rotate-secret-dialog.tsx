import { useState } from "react";
import { Dialog } from "../../ui/dialog.tsx";
import { ShownOnce } from "../../ui/shown-once.tsx";
import { toast } from "../../ui/toast.tsx";
import type { ConnectionRead } from "../queries.ts";
import { RotateSecretForm } from "./rotate-secret-form.tsx";

type RotateSecretDialogProps = { read: ConnectionRead; onClose: () => void };

/** Rotates a signing secret. A generated secret exists only in this dialog's state. */
export function RotateSecretDialog({ read, onClose }: RotateSecretDialogProps) {
  const [newSecret, setNewSecret] = useState<string | null>(null);
  const [wasCopied, setWasCopied] = useState(false);
  const finish = (secret: string | null) => {
    if (secret !== null) return setNewSecret(secret);
    toast("Signing secret rotated.");
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={newSecret === null ? "Rotate the signing secret" : "Store this secret now"}
      description={
        newSecret === null
          ? "The new secret signs from now on. The old secret signs too for as long as you choose, so that no request is rejected while you change the receiver."
          : "OpenSend stores it encrypted. It cannot be shown again."
      }
      canDismiss={newSecret === null || wasCopied}
    >
      {newSecret === null ? (
        <RotateSecretForm read={read} onRotated={finish} onCancel={onClose} />
      ) : (
        <ShownOnce
          value={newSecret}
          what="signing secret"
          onCopied={() => setWasCopied(true)}
          onStored={onClose}
        >
          Put it into the receiver, as <code className="font-mono">OPENSEND_SIGNING_SECRET</code> in our
          examples.
        </ShownOnce>
      )}
    </Dialog>
  );
}
