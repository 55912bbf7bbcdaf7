import type { ReactNode } from "react";
import { duration } from "../text/duration.ts";
import { classNames } from "../ui/class-names.ts";
import { type AttemptProgress, type TimelineRow, timelineRows } from "./timeline-rows.ts";

const NARROWEST_PERCENT = 0.75;

const BAR_LOOKS: Record<TimelineRow["state"], string> = {
  completed: "bg-accent",
  running: "bg-run-dot",
  ended: "bg-err-dot",
  idle: "",
};

type TimelineProps = {
  timings: Parameters<typeof timelineRows>[0];
  progress: AttemptProgress;
  /** The current stage in words, for an attempt in progress. */
  children?: ReactNode;
};

/** How long each stage of an attempt took, or is taking. */
export function Timeline({ timings, progress, children }: TimelineProps) {
  const rows = timelineRows(timings, progress);
  const ends = rows.map(({ startMs, ms, note }) => (note === null ? startMs + (ms ?? 0) : 0));
  const spanMs = Math.max(...ends, 1);
  if (rows.length === 0) return null;
  return (
    <div>
      <h3 className="mb-2 text-table font-medium text-muted">Timings</h3>
      {children}
      <ol className="flex flex-col gap-1">
        {rows.map((row) => (
          <li
            key={row.name}
            className="grid grid-cols-[6.5rem_minmax(0,1fr)_5rem] items-center gap-2 text-table md:grid-cols-[7.5rem_minmax(0,1fr)_5.5rem]"
          >
            <span className={classNames(row.state === "idle" && "text-muted")}>{row.name}</span>
            {row.note === null ? (
              <Bar row={row} spanMs={spanMs} />
            ) : (
              <span className={classNames("text-muted", row.ms === null && "col-span-2")}>{row.note}</span>
            )}
            {row.ms !== null && (
              <span
                className={classNames(
                  "text-right whitespace-nowrap tabular-nums",
                  row.state === "ended" ? "text-err" : "text-muted",
                )}
              >
                {row.state === "ended" && <span className="sr-only">ended here, after </span>}
                {duration(row.ms)}
              </span>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}

function Bar({ row: { state, startMs, ms }, spanMs }: { row: TimelineRow; spanMs: number }) {
  return (
    <span aria-hidden className="relative h-2 overflow-hidden rounded-badge bg-sunken">
      <span
        className={classNames("absolute inset-y-0 rounded-badge forced-colors:border", BAR_LOOKS[state])}
        style={{
          left: `${Math.min((startMs / spanMs) * 100, 100 - NARROWEST_PERCENT)}%`,
          width: `${Math.max(((ms ?? 0) / spanMs) * 100, NARROWEST_PERCENT)}%`,
        }}
      />
    </span>
  );
}
