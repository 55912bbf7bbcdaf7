import { Link } from "@tanstack/react-router";
import { memo, type ReactNode, useLayoutEffect, useRef } from "react";
import type { Delivery } from "../api/types.ts";
import { duration } from "../text/duration.ts";
import { classNames } from "../ui/class-names.ts";
import { TimeAgo } from "../ui/time-ago.tsx";
import { AnswerWord } from "./answer-word.tsx";
import { NextAttempt, None, ShortDeliveryStatus } from "./delivery-status.tsx";

/** What a list of one connection, or of one event, leaves out. */
type Omitted = "connection" | "event";

type DeliveryListProps = {
  deliveries: readonly Delivery[];
  label: string;
  omit?: Omitted;
  /** The one that stands open beside the list. */
  openId?: string | undefined;
  /** The one to give focus back to. */
  startAtId?: string | undefined;
  /** Where a delivery of the filtered list opens: beside it, which keeps its place, or instead of it. */
  opens?: "beside" | "instead";
};

const COLUMNS = {
  all: "md:grid-cols-[7.5rem_minmax(0,1.3fr)_minmax(0,1fr)_6.5rem_4.5rem_3.5rem_5rem_6rem]",
  one: "md:grid-cols-[7.5rem_minmax(0,1fr)_6.5rem_4.5rem_3.5rem_5rem_6rem]",
  beside:
    "md:group-data-beside/list:grid-cols-[7.5rem_minmax(0,1fr)] min-[1200px]:group-data-beside/list:grid-cols-[7.5rem_minmax(0,1fr)_6rem]",
};

/** Deliveries: rows on wide screens, cards with labelled values on phones. */
export function DeliveryList({ deliveries, label, omit, openId, startAtId, opens }: DeliveryListProps) {
  const columns = classNames(
    "md:grid md:items-center md:gap-3",
    omit ? COLUMNS.one : COLUMNS.all,
    COLUMNS.beside,
  );
  const names = ["Status", "Event", "Connection", "Response", "Took", "Attempt", "Next", "Made"].filter(
    (name) => name.toLowerCase() !== omit,
  );
  return (
    <div
      data-beside={openId === undefined ? undefined : ""}
      className="group/list overflow-hidden rounded-card border border-line bg-surface"
    >
      <div aria-hidden className={`hidden border-b border-line px-4 py-2 text-badge text-muted ${columns}`}>
        {names.map((name) => (
          <span
            key={name}
            className={classNames(
              NUMBERS.has(name) && "text-right",
              name === "Made" && IF_ROOM,
              !BESIDE.has(name) && NOT_BESIDE,
            )}
          >
            {name}
          </span>
        ))}
      </div>
      <ul aria-label={label} className="divide-y divide-line">
        {deliveries.map((delivery) => (
          <li
            key={delivery.id}
            className="[contain-intrinsic-size:auto_9rem] [content-visibility:auto] md:[contain-intrinsic-size:auto_2.25rem]"
          >
            <DeliveryRow
              delivery={delivery}
              columns={columns}
              omit={omit}
              isOpen={delivery.id === openId}
              startsHere={delivery.id === startAtId}
              opens={opens}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

/**
 * What there is room for beside an open delivery, which tells the rest. Left to the style sheet: a thousand rows need not
 * be made anew when one is opened or closed.
 */
const BESIDE: ReadonlySet<string> = new Set(["Status", "Event", "Made"]);
const NOT_BESIDE = "group-data-beside/list:hidden";
const IF_ROOM = "group-data-beside/list:hidden min-[1200px]:group-data-beside/list:block";
const NUMBERS: ReadonlySet<string> = new Set(["Took", "Attempt", "Next", "Made"]);

type DeliveryRowProps = {
  delivery: Delivery;
  columns: string;
  omit: Omitted | undefined;
  isOpen: boolean;
  startsHere: boolean;
  opens: DeliveryListProps["opens"];
};

/** Made anew only when something of its own changed: a list may have grown to thousands of rows. */
const DeliveryRow = memo((props: DeliveryRowProps) => {
  const { delivery, columns, omit, isOpen, startsHere, opens } = props;
  const link = useRef<HTMLAnchorElement>(null);
  // Beside the panel what stands above the list takes more lines, and may have pushed it out of sight.
  useLayoutEffect(() => {
    if (isOpen) link.current?.scrollIntoView({ block: "nearest" });
  }, [isOpen]);
  return (
    <Link
      ref={link}
      to="/deliveries/$id"
      data-row
      params={{ id: delivery.id }}
      {...(opens && { search: true })}
      resetScroll={opens !== "beside"}
      preload={false}
      data-start-here={startsHere || undefined}
      className={classNames(
        "grid grid-cols-2 gap-x-4 gap-y-1 px-4 py-3 text-table hover:bg-sunken focus-visible:-outline-offset-2 md:h-9 md:py-0",
        columns,
        isOpen && "bg-accent-soft hover:bg-accent-soft",
      )}
    >
      <span className="col-span-2 flex flex-wrap items-center gap-x-2 gap-y-1 md:contents">
        <span>
          <span className="sr-only">Status </span>
          <ShortDeliveryStatus delivery={delivery} />
        </span>
        {omit !== "event" && (
          <span className="min-w-0 font-medium [overflow-wrap:anywhere] md:truncate">
            <span className="sr-only">Event </span>
            {delivery.event_type}
          </span>
        )}
      </span>
      <MoreCells delivery={delivery} omit={omit} />
      <Cell label="Made" isNumber beside={IF_ROOM}>
        <TimeAgo at={delivery.created_at} />
      </Cell>
    </Link>
  );
});

function MoreCells({ delivery, omit }: Pick<DeliveryRowProps, "delivery" | "omit">) {
  return (
    <>
      {omit !== "connection" && (
        <Cell label="Connection" isLong>
          {delivery.connection_name}
        </Cell>
      )}
      <Cell label="Response">
        <AnswerWord delivery={delivery} />
      </Cell>
      <Cell label="Took" isNumber>
        {delivery.duration_ms === null ? <None /> : duration(delivery.duration_ms)}
      </Cell>
      <Cell label="Attempt" isNumber>
        {delivery.attempt_count === 0 ? <None /> : delivery.attempt_count}
      </Cell>
      <Cell label="Next" isNumber>
        <NextAttempt delivery={delivery} />
      </Cell>
    </>
  );
}

type CellProps = {
  label: string;
  isNumber?: boolean;
  isLong?: boolean;
  /** How it is displayed beside an open delivery. */
  beside?: string;
  children: ReactNode;
};

function Cell({ label, isNumber = false, isLong = false, beside = NOT_BESIDE, children }: CellProps) {
  return (
    <span
      className={classNames(
        "flex min-w-0 items-baseline justify-between gap-2 md:block md:truncate",
        beside,
        isNumber && "md:text-right",
        isLong && "col-span-2 md:col-span-1",
      )}
    >
      <span className="text-muted md:sr-only">{label} </span>
      <span className="min-w-0 text-right [overflow-wrap:anywhere] md:text-left">{children}</span>
    </span>
  );
}
