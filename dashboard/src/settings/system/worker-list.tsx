import type { ReactNode } from "react";
import type { Worker } from "../../api/types.ts";
import { spanOf } from "../../text/span.ts";
import { Status } from "../../ui/status.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { useNow } from "../../ui/use-now.ts";
import { processName } from "./system-words.ts";

const TICK_MS = 1_000;

/** The processes that deliver: a table on wide screens, cards with labelled values on phones. */
export function WorkerList({ workers }: { workers: readonly Worker[] }) {
  const nowMs = useNow(TICK_MS);
  return (
    <table className="block w-full rounded-card border border-line bg-surface text-left text-table md:table md:border-separate md:border-spacing-0">
      <caption className="sr-only">Workers, latest heartbeat first</caption>
      <thead className="sr-only md:not-sr-only md:table-header-group">
        <tr className="text-badge text-muted">
          {["Host", "Process", "Version", "State", "Last heartbeat", "Started"].map((column) => (
            <th key={column} scope="col" className="border-b border-line px-3 py-2 font-normal">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="block md:table-row-group">
        {workers.map((worker) => (
          <tr
            key={worker.id}
            className="group block border-b border-line p-4 last:border-0 md:table-row md:p-0"
          >
            <Cell label="Host">{worker.host}</Cell>
            <Cell label="Process">{processName(worker, workers)}</Cell>
            <Cell label="Version">{worker.version}</Cell>
            <Cell label="State">
              <Status name={worker.is_silent ? "silent" : "working"} />
            </Cell>
            <Cell label="Last heartbeat">{spanOf(nowMs - Date.parse(worker.heartbeat_at))} ago</Cell>
            <Cell label="Started">
              <TimeAgo at={worker.started_at} />
            </Cell>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell({ label, children }: { label: string; children: ReactNode }) {
  return (
    <td className="flex items-center justify-between gap-4 py-1 tabular-nums md:table-cell md:border-b md:border-line md:px-3 md:py-2 md:group-last:border-0">
      <span className="text-muted md:hidden">{label}</span>
      <div className="min-w-0 text-right [overflow-wrap:anywhere] md:text-left">{children}</div>
    </td>
  );
}
