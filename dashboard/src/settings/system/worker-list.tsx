import type { Worker } from "../../api/types.ts";
import { spanOf } from "../../text/span.ts";
import { Status } from "../../ui/status.tsx";
import { Table, TableCell, TableRow } from "../../ui/table.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { useNow } from "../../ui/use-now.ts";
import { processName } from "./system-words.ts";

const TICK_MS = 1_000;

/** The processes that send deliveries. */
export function WorkerList({ workers }: { workers: readonly Worker[] }) {
  const nowMs = useNow(TICK_MS);
  return (
    <Table
      caption="Workers, latest heartbeat first"
      columns={["Host", "Process", "Version", "State", "Last heartbeat", "Started"]}
      needs={44}
    >
      {workers.map((worker) => (
        <TableRow key={worker.id}>
          <TableCell label="Host">
            <span className="[overflow-wrap:anywhere]">{worker.host}</span>
          </TableCell>
          <TableCell label="Process">{processName(worker, workers)}</TableCell>
          <TableCell label="Version">{worker.version}</TableCell>
          <TableCell label="State">
            <Status name={worker.is_silent ? "silent" : "working"} />
          </TableCell>
          <TableCell label="Last heartbeat">{spanOf(nowMs - Date.parse(worker.heartbeat_at))} ago</TableCell>
          <TableCell label="Started">
            <TimeAgo at={worker.started_at} />
          </TableCell>
        </TableRow>
      ))}
    </Table>
  );
}
