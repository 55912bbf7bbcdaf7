import { Link } from "@tanstack/react-router";
import { memo, type ReactNode, useLayoutEffect, useRef } from "react";
import type { Delivery } from "../api/types.ts";
import { duration } from "../text/duration.ts";
import { classNames } from "../ui/class-names.ts";
import { TimeAgo } from "../ui/time-ago.tsx";
import { ListedStatus, NextAttempt, None } from "./delivery-status.tsx";
import { CARD_ONLY, GRIDS, type OmittedColumn, SHOWN_FROM } from "./list-columns.ts";
import { ResponseLabel } from "./response-label.tsx";

/** The selected rows, and the handler of a row's checkbox. */
export type RowSelection = {
  readonly isSelected: (id: string) => boolean;
  readonly onSelect: (id: string, isRange: boolean) => void;
  /** Null while only some of the rows are selected. */
  readonly areAll: boolean | null;
  readonly onSelectShown: () => void;
};

type DeliveryListProps = {
  deliveries: readonly Delivery[];
  label: string;
  omit?: OmittedColumn | undefined;
  /** The delivery that is open beside the list. */
  openId?: string | undefined;
  /** The delivery whose row gets the focus back. */
  startAtId?: string | undefined;
  /** Where a delivery of the filtered list opens: beside the list, which keeps its scroll position, or in its place. */
  opens?: "beside" | "instead";
  selection?: RowSelection | undefined;
};

/** Deliveries as table rows when the list is wide enough for its columns, otherwise as cards with labeled values. */
export function DeliveryList(props: DeliveryListProps) {
  const { deliveries, label, omit, openId, startAtId, opens, selection } = props;
  return (
    <div
      className={classNames(
        "overflow-hidden rounded-card border border-line bg-surface",
        openId === undefined
          ? "[container:rows/inline-size]"
          : "[container-name:rows_beside] [container-type:inline-size]",
      )}
    >
      <ListHead omit={omit} selection={selection} />
      <ul aria-label={label} className="divide-y divide-line">
        {deliveries.map((delivery) => (
          <li
            key={delivery.id}
            className="relative flex [contain-intrinsic-size:auto_9rem] [content-visibility:auto] dense:[contain-intrinsic-size:auto_2.25rem]"
          >
            <DeliveryRow
              delivery={delivery}
              omit={omit}
              isOpen={delivery.id === openId}
              startsHere={delivery.id === startAtId}
              opens={opens}
              isSelected={selection?.isSelected(delivery.id)}
              onSelect={selection?.onSelect}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

const NAMES = [
  "Status",
  "Event",
  "Connection",
  "Response",
  "Duration",
  "Attempt",
  "Next attempt",
  "Created",
] as const;

function ListHead({ omit, selection }: Pick<DeliveryListProps, "omit" | "selection">) {
  return (
    <div className="flex border-b border-line">
      {selection && (
        <label className="flex size-11 shrink-0 items-center justify-center dense:h-9 dense:w-9">
          <span className="sr-only">Select all loaded deliveries</span>
          <input
            type="checkbox"
            checked={selection.areAll === true}
            ref={(box) => {
              if (box !== null) box.indeterminate = selection.areAll === null;
            }}
            onChange={selection.onSelectShown}
            className="size-4 accent-accent"
          />
        </label>
      )}
      <span
        aria-hidden
        className={classNames(CARD_ONLY, "items-center py-2 text-table text-muted", !selection && "hidden")}
      >
        Select all loaded
      </span>
      <div
        aria-hidden
        className={classNames(
          "hidden min-w-0 flex-1 py-2 pr-4 text-badge text-muted",
          !selection && "pl-4",
          GRIDS[omit ?? "none"],
        )}
      >
        {NAMES.filter((name) => name.toLowerCase() !== omit).map((name) => (
          <span
            key={name}
            className={classNames("truncate", NUMBERS.has(name) && "text-right", SHOWN_FROM[name])}
          >
            {name}
          </span>
        ))}
      </div>
    </div>
  );
}

const NUMBERS: ReadonlySet<string> = new Set(["Duration", "Attempt", "Next attempt", "Created"]);

type DeliveryRowProps = {
  delivery: Delivery;
  omit: OmittedColumn | undefined;
  isOpen: boolean;
  startsHere: boolean;
  opens: DeliveryListProps["opens"];
  isSelected: boolean | undefined;
  onSelect: RowSelection["onSelect"] | undefined;
};

/** Memoized so that only rows that changed render: a list can grow to thousands of rows. */
const DeliveryRow = memo((props: DeliveryRowProps) => {
  const { delivery, omit, isOpen, startsHere, opens, isSelected, onSelect } = props;
  const link = useRef<HTMLAnchorElement>(null);
  // Opening the panel narrows the page, so everything above the list gets taller and can push the row out of view.
  useLayoutEffect(() => {
    if (isOpen) link.current?.scrollIntoView({ block: "nearest" });
  }, [isOpen]);
  return (
    <>
      {onSelect && <SelectBox delivery={delivery} isSelected={isSelected === true} onSelect={onSelect} />}
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
          "grid min-w-0 flex-1 grid-cols-2 gap-x-4 gap-y-1 py-3 pr-4 text-table hover:bg-sunken focus-visible:-outline-offset-2 dense:h-9 dense:py-0",
          !onSelect && "pl-4",
          GRIDS[omit ?? "none"],
          isSelected && "bg-accent-soft/50",
          isOpen && "bg-accent-soft hover:bg-accent-soft",
        )}
      >
        <Cells delivery={delivery} omit={omit} />
      </Link>
    </>
  );
});

type SelectBoxProps = { delivery: Delivery; isSelected: boolean; onSelect: RowSelection["onSelect"] };

function SelectBox({ delivery, isSelected, onSelect }: SelectBoxProps) {
  const isRange = useRef(false);
  return (
    <label className="flex w-11 shrink-0 cursor-pointer items-start justify-center pt-3.5 select-none dense:h-9 dense:w-9 dense:items-center dense:pt-0">
      <input
        type="checkbox"
        aria-label={`Select ${delivery.event_type} to ${delivery.connection_name}`}
        data-select
        checked={isSelected}
        onClick={(event) => {
          isRange.current = event.shiftKey;
        }}
        onChange={() => onSelect(delivery.id, isRange.current)}
        className="size-4 accent-accent"
      />
    </label>
  );
}

function Cells({ delivery, omit }: Pick<DeliveryRowProps, "delivery" | "omit">) {
  return (
    <>
      <span className="col-span-2 flex flex-wrap items-center gap-x-2 gap-y-1 dense:contents">
        <span className="min-w-0">
          <span className="sr-only">Status </span>
          <ListedStatus delivery={delivery} />
        </span>
        {omit !== "event" && (
          <span
            title={delivery.event_type}
            className="min-w-0 font-medium [overflow-wrap:anywhere] dense:truncate"
          >
            <span className="sr-only">Event </span>
            <span>{delivery.event_type}</span>
          </span>
        )}
      </span>
      {omit !== "connection" && (
        <Cell name="Connection" isLong title={delivery.connection_name}>
          {delivery.connection_name}
        </Cell>
      )}
      <Cell name="Response">
        <ResponseLabel delivery={delivery} />
      </Cell>
      <Cell name="Duration" isNumber>
        {delivery.duration_ms === null ? <None /> : duration(delivery.duration_ms)}
      </Cell>
      <Cell name="Attempt" isNumber>
        {delivery.attempt_count === 0 ? <None /> : delivery.attempt_count}
      </Cell>
      <Cell name="Next attempt" isNumber>
        <NextAttempt delivery={delivery} />
      </Cell>
      <Cell name="Created" isNumber>
        <TimeAgo at={delivery.created_at} />
      </Cell>
    </>
  );
}

type CellProps = {
  name: (typeof NAMES)[number];
  isNumber?: boolean;
  isLong?: boolean;
  title?: string;
  children: ReactNode;
};

function Cell({ name, isNumber = false, isLong = false, title, children }: CellProps) {
  return (
    <span
      title={title}
      className={classNames(
        "min-w-0 items-baseline justify-between gap-2 dense:truncate",
        SHOWN_FROM[name] ?? "flex dense:block",
        isNumber && "dense:text-right",
        isLong && "col-span-2 dense:col-span-1",
        name === "Next attempt" && "order-last col-span-2 dense:order-none dense:col-span-1",
      )}
    >
      <span className="text-muted dense:sr-only">{name} </span>
      <span
        className={classNames(
          "min-w-0 text-right dense:text-left",
          isNumber ? "whitespace-nowrap" : "[overflow-wrap:anywhere]",
        )}
      >
        {children}
      </span>
    </span>
  );
}
