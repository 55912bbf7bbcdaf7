import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "../ui/dialog.tsx";
import { ShownOnce } from "../ui/shown-once.tsx";
import { CreateKeyForm } from "./create-key-form.tsx";
import { apiKeysQuery } from "./queries.ts";

/** Creates a key and shows it once. The key exists only in this dialog's state. */
export function CreateKeyDialog({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const [key, setKey] = useState<string | null>(null);
  const [wasCopied, setWasCopied] = useState(false);

  const show = (created: string) => {
    setKey(created);
    void queryClient.invalidateQueries(apiKeysQuery);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={key === null ? "Create API key" : "Save this key now"}
      description={
        key === null
          ? "Keys belong to the workspace, not to you. A key stays valid until it is revoked or expires."
          : "You will not see this key again: OpenSend stores only a hash."
      }
      canDismiss={key === null || wasCopied}
    >
      {key === null ? (
        <CreateKeyForm onCreated={show} onCancel={onClose} />
      ) : (
        <ShownOnce value={key} what="API key" onCopied={() => setWasCopied(true)} onStored={onClose}>
          Send it as <code className="font-mono">Authorization: Bearer</code> and keep it out of source code.
        </ShownOnce>
      )}
    </Dialog>
  );
}
