import type { ApiKey } from "../api/types.ts";
import { absoluteTime } from "../text/time-ago.ts";
import { NewKeyDialog } from "./new-key-dialog.tsx";
import { ReplaceKeyForm } from "./replace-key-form.tsx";

type ReplaceKeyDialogProps = { apiKey: ApiKey; onClose: () => void };

/** Creates a key like another one. */
export function ReplaceKeyDialog({ apiKey, onClose }: ReplaceKeyDialogProps) {
  return (
    <NewKeyDialog
      title={`Replace ${apiKey.name}`}
      description={`${whatIsCreated(apiKey)} ${endOf(apiKey)}`}
      form={(onCreated) => <ReplaceKeyForm apiKey={apiKey} onCreated={onCreated} onCancel={onClose} />}
      advice={
        <>
          Put it where the old key is used.{" "}
          {apiKey.revoked_at === null && (
            <>
              Then revoke the old key, <OldKey apiKey={apiKey} />.
            </>
          )}
        </>
      }
      onClose={onClose}
    />
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
