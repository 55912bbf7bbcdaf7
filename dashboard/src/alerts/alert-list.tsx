import type { Alert } from "../api/types.ts";
import { useReadOnlyReason } from "../session/session-query.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Status } from "../ui/status.tsx";
import { ActionCell, Table, TableCell, TableRow } from "../ui/table.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";
import { recipientWords, watchedWords } from "./alert-words.ts";

type AlertListProps = {
  alerts: readonly Alert[];
  onEdit: (alert: Alert) => void;
  onTest: (alert: Alert) => void;
  onDelete: (alert: Alert) => void;
};

/** A workspace's alerts, newest first. */
export function AlertList({ alerts, onEdit, onTest, onDelete }: AlertListProps) {
  const readOnlyReason = useReadOnlyReason();
  return (
    <Table
      hasActions
      needs={60}
      caption="Alerts, newest first"
      columns={["Alert", "Recipients", "State", "Last notice"]}
    >
      {alerts.map((alert) => (
        <TableRow key={alert.id}>
          <TableCell>
            <span className="block text-body font-medium [overflow-wrap:anywhere]">{alert.name}</span>
            <span className="text-muted">{watchedWords(alert)}</span>
          </TableCell>
          <TableCell label="Recipients">
            <span className="[overflow-wrap:anywhere]">{recipientWords(alert)}</span>
          </TableCell>
          <TableCell label="State">
            {alert.enabled ? <Status name="working" words="On" /> : <Status name="paused" words="Off" />}
          </TableCell>
          <TableCell label="Last notice">
            {alert.last_notice_at === null ? "Never" : <TimeAgo at={alert.last_notice_at} />}
          </TableCell>
          <ActionCell>
            <div className="flex flex-wrap gap-2 row:justify-end">
              <Button
                aria-label={`Send test of ${alert.name}`}
                disabledReason={readOnlyReason}
                onClick={() => onTest(alert)}
              >
                Send test
              </Button>
              <Button
                aria-label={`Edit ${alert.name}`}
                disabledReason={readOnlyReason}
                onClick={() => onEdit(alert)}
              >
                Edit
              </Button>
              <Button
                variant="danger"
                aria-label={`Delete ${alert.name}`}
                opens={ConfirmDialog}
                disabledReason={readOnlyReason}
                onClick={() => onDelete(alert)}
              >
                Delete
              </Button>
            </div>
          </ActionCell>
        </TableRow>
      ))}
    </Table>
  );
}
