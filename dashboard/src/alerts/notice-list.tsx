import { Link } from "@tanstack/react-router";
import type { AlertNotice } from "../api/types.ts";
import { Status, type StatusName } from "../ui/status.tsx";
import { ActionCell, Table, TableCell, TableRow } from "../ui/table.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";
import { mailWords } from "./alert-words.ts";

const KINDS: Readonly<Record<AlertNotice["kind"], { name: StatusName; words: string }>> = {
  raised: { name: "failed", words: "Alert" },
  recovered: { name: "healthy", words: "Recovered" },
  test: { name: "not_tested", words: "Test" },
};

/** Notices from alerts, newest first. */
export function NoticeList({ notices }: { notices: readonly AlertNotice[] }) {
  return (
    <Table hasActions needs={52} caption="Notices, newest first" columns={["Notice", "Kind", "Mail", "Sent"]}>
      {notices.map((notice) => (
        <TableRow key={notice.id}>
          <TableCell>
            <span className="block font-medium [overflow-wrap:anywhere]">{notice.summary}</span>
            <span className="text-muted [overflow-wrap:anywhere]">{notice.alert.name}</span>
          </TableCell>
          <TableCell label="Kind">
            <Status {...KINDS[notice.kind]} />
          </TableCell>
          <TableCell label="Mail">
            <span className="block">{mailWords(notice) ?? "None"}</span>
            {notice.mails.error !== null && (
              <span className="text-err [overflow-wrap:anywhere]">{notice.mails.error}</span>
            )}
          </TableCell>
          <TableCell label="Sent">
            <TimeAgo at={notice.created_at} />
          </TableCell>
          <ActionCell>
            {notice.event_id !== null && (
              <Link
                to="/events/$id"
                params={{ id: notice.event_id }}
                className="inline-flex min-h-11 min-w-11 items-center underline row:min-h-0"
                aria-label={`Event of ${notice.summary}`}
              >
                Event
              </Link>
            )}
          </ActionCell>
        </TableRow>
      ))}
    </Table>
  );
}
