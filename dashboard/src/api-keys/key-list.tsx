import type { ReactNode } from "react";
import type { ApiKey } from "../api/types.ts";
import { useReadOnlyReason } from "../session/session-query.ts";
import { dayOf } from "../text/time-ago.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Status, type StatusName } from "../ui/status.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";
import { useNow } from "../ui/use-now.ts";
import { ACCESS_NAMES } from "./access.ts";

const TICK_MS = 60_000;

type KeyListProps = { keys: readonly ApiKey[]; onRevoke: (key: ApiKey) => void };

/** API keys newest first: a table on wide screens, cards with labelled values on phones. */
export function KeyList({ keys, onRevoke }: KeyListProps) {
  return (
    <table className="block w-full rounded-card border border-line bg-surface text-left text-table md:table md:border-separate md:border-spacing-0">
      <caption className="sr-only">API keys, newest first</caption>
      <thead className="sr-only md:not-sr-only md:table-header-group">
        <tr className="text-badge text-muted">
          {["Name", "Access", "Key", "State", "Last used", "Created by", ""].map((column) => (
            <th key={column} scope="col" className="border-b border-line px-3 py-2 font-normal">
              {column || <span className="sr-only">Actions</span>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="block md:table-row-group">
        {keys.map((key) => (
          <KeyRow key={key.id} apiKey={key} onRevoke={onRevoke} />
        ))}
      </tbody>
    </table>
  );
}

function KeyRow({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: (key: ApiKey) => void }) {
  const readOnlyReason = useReadOnlyReason();
  const state = stateOf(apiKey, useNow(TICK_MS));
  return (
    <tr
      tabIndex={-1}
      data-row
      className="group block border-b border-line p-4 last:border-0 md:table-row md:p-0"
    >
      <Cell>
        <span className="text-body font-medium [overflow-wrap:anywhere]">{apiKey.name}</span>
      </Cell>
      <Cell label="Access">{ACCESS_NAMES[apiKey.access]}</Cell>
      <Cell label="Key">
        <span className="font-mono whitespace-nowrap">
          {apiKey.prefix}…{apiKey.last_four}
        </span>
      </Cell>
      <Cell label="State">
        <span className="flex flex-wrap items-center justify-end gap-x-2 md:justify-start">
          <Status name={state} />
          {apiKey.expires_at && state === "active" && (
            <span className="text-badge text-muted">until {dayOf(new Date(apiKey.expires_at))}</span>
          )}
        </span>
      </Cell>
      <Cell label="Last used">{apiKey.last_used_at ? <TimeAgo at={apiKey.last_used_at} /> : "Never"}</Cell>
      <Cell label="Created by">
        {apiKey.created_by && (
          <span className="block [overflow-wrap:anywhere]">{apiKey.created_by.name}</span>
        )}
        <span className="text-muted">
          <TimeAgo at={apiKey.created_at} />
        </span>
      </Cell>
      <td className="block pt-2 md:table-cell md:border-b md:border-line md:px-3 md:py-1 md:text-right md:group-last:border-0">
        {state !== "revoked" && (
          <Button
            variant="danger"
            className="w-full md:w-auto"
            opens={ConfirmDialog}
            aria-label={`Revoke ${apiKey.name}`}
            disabledReason={readOnlyReason}
            onClick={() => onRevoke(apiKey)}
          >
            Revoke
          </Button>
        )}
      </td>
    </tr>
  );
}

function Cell({ label, children }: { label?: string; children: ReactNode }) {
  return (
    <td className="flex items-center justify-between gap-4 py-1 md:table-cell md:border-b md:border-line md:px-3 md:py-2 md:group-last:border-0">
      {label && <span className="shrink-0 text-muted md:hidden">{label}</span>}
      <div className={label ? "min-w-0 text-right md:text-left" : "min-w-0"}>{children}</div>
    </td>
  );
}

function stateOf(key: ApiKey, nowMs: number): Extract<StatusName, "active" | "revoked" | "expired"> {
  if (key.revoked_at !== null) return "revoked";
  return key.expires_at !== null && Date.parse(key.expires_at) <= nowMs ? "expired" : "active";
}
