import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { AuditEntry } from "../api/types.ts";
import { focusHeading } from "../navigation/focus-heading.ts";
import { classNames } from "../ui/class-names.ts";
import { ForeignText } from "../ui/foreign-text.tsx";
import { ListRoom } from "../ui/list-room.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";
import { actionWords, detailWords, targetWords } from "./audit-words.ts";

const COLUMNS =
  "row:grid row:grid-cols-[minmax(0,1.6fr)_minmax(0,1.2fr)_minmax(0,0.8fr)_8.5rem_6rem] row:items-baseline row:gap-4";

/** As high as a finger on phones, where each stands on a line of its own. */
const LINK =
  "underline decoration-line underline-offset-2 hover:decoration-current " +
  "inline-flex min-h-11 min-w-11 items-center justify-end row:inline row:min-h-0 row:min-w-0";

const NAMES = ["Action", "On", "Who", "From", "When"];

/** Audit entries: rows where they have room, cards with labelled values before. */
export function AuditList({ entries }: { entries: readonly AuditEntry[] }) {
  return (
    <ListRoom needs={52} className="overflow-hidden rounded-card border border-line bg-surface">
      <div aria-hidden className={`hidden border-b border-line px-4 py-2 text-badge text-muted ${COLUMNS}`}>
        {NAMES.map((name) => (
          <span key={name} className={name === "When" ? "text-right" : undefined}>
            {name}
          </span>
        ))}
      </div>
      <ul aria-label="Audit entries, newest first" className="divide-y divide-line">
        {entries.map((entry) => (
          <li key={entry.id} className={`flex flex-col gap-1 px-4 py-3 text-table row:py-2 ${COLUMNS}`}>
            <What entry={entry} />
            <Cell label="On">
              <Target entry={entry} />
            </Cell>
            <Cell label="Who">
              <Who actor={entry.actor} />
            </Cell>
            <Cell label="From">
              {entry.actor.address === null ? (
                <span className="text-subtle">–</span>
              ) : (
                <span className="font-mono text-badge">{entry.actor.address}</span>
              )}
            </Cell>
            <Cell label="When" isNumber>
              <TimeAgo at={entry.created_at} />
            </Cell>
          </li>
        ))}
      </ul>
    </ListRoom>
  );
}

function What({ entry }: { entry: AuditEntry }) {
  const details = detailWords(entry);
  return (
    <span className="min-w-0">
      <span className="block text-body font-medium">{actionWords(entry.action)}</span>
      {details !== "" && (
        <span className="block text-badge text-muted [overflow-wrap:anywhere]">
          <ForeignText text={details} />
        </span>
      )}
    </span>
  );
}

/** A name narrows the log to what that person or key did. */
function Who({ actor }: Pick<AuditEntry, "actor">) {
  const name = <ForeignText text={actor.name} />;
  if (actor.id === null) return name;
  return (
    <Link
      to="/audit-log"
      search={(before) => ({ ...before, actor: actor.id ?? undefined })}
      resetScroll={false}
      onClick={focusHeading} // the rows go away
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
          <ForeignText text={name} />
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

function Cell({
  label,
  isNumber = false,
  children,
}: {
  label: string;
  isNumber?: boolean;
  children: ReactNode;
}) {
  return (
    <span
      className={classNames(
        "flex min-w-0 items-center justify-between gap-4 row:block",
        isNumber && "row:text-right",
      )}
    >
      <span className="text-muted row:sr-only">{label} </span>
      <span className="min-w-0 text-right [overflow-wrap:anywhere] row:text-left">{children}</span>
    </span>
  );
}
