import { Link } from "@tanstack/react-router";
import type { AuditEntry } from "../api/types.ts";
import { focusHeading } from "../navigation/focus-heading.ts";
import { Table, TableCell, TableRow } from "../ui/table.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";
import { UntrustedText } from "../ui/untrusted-text.tsx";
import { actionWords, detailWords, targetWords } from "./audit-words.ts";

const COLUMNS = [
  ["Action", "w-[30%]"],
  ["On", "w-[24%]"],
  ["Who", "w-[18%]"],
  ["From", "w-[16%]"],
  ["When", "w-[12%]"],
] as const;

/** Large enough to touch when links are on lines of their own. */
const LINK =
  "underline decoration-line underline-offset-2 hover:decoration-current " +
  "-my-3 inline-flex min-h-11 min-w-11 items-center justify-end @lg:justify-start row:my-0 row:inline row:min-h-0 row:min-w-0";

/** Audit entries, newest first. */
export function AuditList({ entries }: { entries: readonly AuditEntry[] }) {
  return (
    <Table caption="Audit entries, newest first" columns={COLUMNS} needs={52}>
      {entries.map((entry) => (
        <TableRow key={entry.id}>
          <TableCell>
            <EntryAction entry={entry} />
          </TableCell>
          <TableCell label="On">
            <span className="[overflow-wrap:anywhere]">
              <Target entry={entry} />
            </span>
          </TableCell>
          <TableCell label="Who">
            <span className="[overflow-wrap:anywhere]">
              <EntryActor actor={entry.actor} />
            </span>
          </TableCell>
          <TableCell label="From">
            {entry.actor.address === null ? (
              <span className="text-subtle">–</span>
            ) : (
              <span className="font-mono text-badge [overflow-wrap:anywhere]">{entry.actor.address}</span>
            )}
          </TableCell>
          <TableCell label="When">
            <span className="whitespace-nowrap">
              <TimeAgo at={entry.created_at} />
            </span>
          </TableCell>
        </TableRow>
      ))}
    </Table>
  );
}

function EntryAction({ entry }: { entry: AuditEntry }) {
  const details = detailWords(entry);
  return (
    <span className="min-w-0">
      <span className="block text-body font-medium">{actionWords(entry.action)}</span>
      {details !== "" && (
        <span className="block text-badge text-muted [overflow-wrap:anywhere]">
          <UntrustedText text={details} />
        </span>
      )}
    </span>
  );
}

/** The name is a link that filters the log by that person or key. */
function EntryActor({ actor }: Pick<AuditEntry, "actor">) {
  const name = <UntrustedText text={actor.name} />;
  if (actor.id === null) return name;
  return (
    <Link
      to="/audit-log"
      search={(before) => ({ ...before, actor: actor.id ?? undefined })}
      resetScroll={false}
      onClick={focusHeading} // the rows disappear
      className={LINK}
    >
      <span>{name}</span>
    </Link>
  );
}

const PAGES = {
  connection: "/integrations/connections/$id",
  delivery: "/deliveries/$id",
  replay: "/deliveries/replays/$id",
} as const;

function Target({ entry: { target, metadata } }: { entry: AuditEntry }) {
  const { name } = metadata;
  const words = (
    <>
      {targetWords(target.kind)}
      {typeof name === "string" && (
        <>
          {" "}
          <UntrustedText text={name} />
        </>
      )}
    </>
  );
  const page = Object.entries(PAGES).find(([kind]) => kind === target.kind)?.[1];
  if (page === undefined || target.id === null) return words;
  return (
    <Link to={page} params={{ id: target.id }} preload={false} className={LINK}>
      <span>{words}</span>
    </Link>
  );
}
