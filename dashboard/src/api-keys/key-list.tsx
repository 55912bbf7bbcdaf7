import type { ApiKey } from "../api/types.ts";
import { eventTypeWords } from "../connections/event-type-words.ts";
import { useReadOnlyReason } from "../session/session-query.ts";
import { dayOf } from "../text/time-ago.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Status, type StatusName } from "../ui/status.tsx";
import { ActionCell, Table, TableCell, TableRow } from "../ui/table.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";
import { useNow } from "../ui/use-now.ts";
import { ACCESS_NAMES } from "./access.ts";
import { ReplaceKeyDialog } from "./lazy-replace-key-dialog.tsx";

const TICK_MS = 60_000;

type KeyActions = {
  onReplace: (key: ApiKey) => void;
  onRevoke: (key: ApiKey) => void;
};

/** API keys, newest first. */
export function KeyList({ keys, ...actions }: KeyActions & { keys: readonly ApiKey[] }) {
  return (
    <Table
      caption="API keys, newest first"
      columns={["Name", "Access", "Key", "State", "Last used", "Created by"]}
      hasActions
      needs={72}
    >
      {keys.map((key) => (
        <KeyRow key={key.id} apiKey={key} {...actions} />
      ))}
    </Table>
  );
}

function KeyRow({ apiKey, onReplace, onRevoke }: KeyActions & { apiKey: ApiKey }) {
  const readOnlyReason = useReadOnlyReason();
  const state = stateOf(apiKey, useNow(TICK_MS));
  return (
    <TableRow>
      <TableCell>
        <span className="block text-body font-medium [overflow-wrap:anywhere] @lg:pr-20 row:pr-0">
          {apiKey.name}
        </span>
      </TableCell>
      <TableCell label="Access">
        {ACCESS_NAMES[apiKey.access]}
        {apiKey.event_types && (
          <span className="block text-muted [overflow-wrap:anywhere]">
            {eventTypeWords(apiKey.event_types)}
          </span>
        )}
      </TableCell>
      <TableCell label="Key">
        <span className="font-mono whitespace-nowrap">
          {apiKey.prefix}…{apiKey.last_four}
        </span>
      </TableCell>
      <TableCell label="State">
        <span className="flex flex-wrap items-center justify-end gap-x-2 @lg:justify-start">
          <Status name={state} />
          {apiKey.expires_at && state === "active" && (
            <span className="text-badge text-muted">until {dayOf(new Date(apiKey.expires_at))}</span>
          )}
        </span>
      </TableCell>
      <TableCell label="Last used">
        {apiKey.last_used_at ? <TimeAgo at={apiKey.last_used_at} /> : "Never"}
      </TableCell>
      <TableCell label="Created by">
        {apiKey.created_by && (
          <span className="block [overflow-wrap:anywhere]">{apiKey.created_by.name}</span>
        )}
        <span className="text-muted">
          <TimeAgo at={apiKey.created_at} />
        </span>
      </TableCell>
      <ActionCell>
        <div className="flex gap-2 row:justify-end">
          {isReplaceable(apiKey, state) && (
            <Button
              className="flex-1 @lg:flex-none"
              opens={ReplaceKeyDialog}
              aria-label={`Replace ${apiKey.name}`}
              disabledReason={readOnlyReason}
              onClick={() => onReplace(apiKey)}
            >
              Replace
            </Button>
          )}
          {state !== "revoked" && (
            <Button
              variant="danger"
              className="flex-1 @lg:flex-none"
              opens={ConfirmDialog}
              aria-label={`Revoke ${apiKey.name}`}
              disabledReason={readOnlyReason}
              onClick={() => onRevoke(apiKey)}
            >
              Revoke
            </Button>
          )}
        </div>
      </ActionCell>
    </TableRow>
  );
}

type KeyState = Extract<StatusName, "active" | "revoked" | "expired">;

/** A revoked key can be replaced only if it managed connections, which the new key then manages. */
function isReplaceable({ access }: ApiKey, state: KeyState): boolean {
  return state !== "revoked" || access === "connections";
}

function stateOf(key: ApiKey, nowMs: number): KeyState {
  if (key.revoked_at !== null) return "revoked";
  return key.expires_at !== null && Date.parse(key.expires_at) <= nowMs ? "expired" : "active";
}
