import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ApiKey } from "../api/types.ts";
import { absoluteTime } from "../text/time-ago.ts";
import { Dialog } from "../ui/dialog.tsx";
import { ShownOnce } from "../ui/shown-once.tsx";
import { apiKeysQuery } from "./queries.ts";
import { ReplaceKeyForm } from "./replace-key-form.tsx";

type ReplaceKeyDialogProps = { apiKey: ApiKey; onClose: () => void };

/** Creates a key like another and shows it once. The key is only in this dialog's state. */
export function ReplaceKeyDialog({ apiKey, onClose }: ReplaceKeyDialogProps) {
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
      title={key === null ? `Replace ${apiKey.name}` : "Save this key now"}
      description={
        key === null
          ? `${whatIsCreated(apiKey)} ${endOf(apiKey)}`
          : "You will not see this key again: OpenSend stores only a hash."
      }
      canDismiss={key === null || wasCopied}
    >
      {key === null ? (
        <ReplaceKeyForm apiKey={apiKey} onCreated={show} onCancel={onClose} />
      ) : (
        <ShownOnce value={key} what="API key" onCopied={() => setWasCopied(true)} onStored={onClose}>
          Put it where the old key is used.{" "}
          {apiKey.revoked_at === null && (
            <>
              Then revoke the old key, <OldKey apiKey={apiKey} />.
            </>
          )}
        </ShownOnce>
      )}
    </Dialog>
  );
}

function OldKey({ apiKey }: { apiKey: ApiKey }) {
  return (
    <code className="font-mono">
      {apiKey.prefix}…{apiKey.last_four}
    </code>
  );
}

function whatIsCreated({ access, event_types: eventTypes }: ApiKey): string {
  const same = eventTypes === null ? "name and access" : "name, access and event types";
  const created = `Creates a key with the same ${same}`;
  return access === "connections" ? `${created}, which manages the same connections.` : `${created}.`;
}

function endOf({ expires_at: expiresAt, revoked_at: revokedAt }: ApiKey): string {
  if (revokedAt !== null) return "The old key stays revoked.";
  if (expiresAt === null) return "The old key works until you revoke it.";
  const end = new Date(expiresAt);
  if (end.getTime() <= Date.now()) return "The old key has expired.";
  return `The old key works until you revoke it, or until it expires on ${absoluteTime(end)}.`;
}
