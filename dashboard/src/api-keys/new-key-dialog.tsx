import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Dialog } from "../ui/dialog.tsx";
import { ShownOnce } from "../ui/shown-once.tsx";
import { apiKeysQuery } from "./queries.ts";

type NewKeyDialogProps = {
  title: string;
  description: string;
  /** The form that creates the key. */
  form: (onCreated: (key: string) => void) => ReactNode;
  /** Shown with the new key: what to do with it. */
  advice: ReactNode;
  onClose: () => void;
};

/** Creates a key and shows it once. The key exists only in this dialog's state. */
export function NewKeyDialog({ title, description, form, advice, onClose }: NewKeyDialogProps) {
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
      title={key === null ? title : "Save this key now"}
      description={
        key === null ? description : "You will not see this key again: OpenSend stores only a hash."
      }
      canDismiss={key === null || wasCopied}
    >
      {key === null ? (
        form(show)
      ) : (
        <ShownOnce value={key} what="API key" onCopied={() => setWasCopied(true)} onStored={onClose}>
          {advice}
        </ShownOnce>
      )}
    </Dialog>
  );
}
