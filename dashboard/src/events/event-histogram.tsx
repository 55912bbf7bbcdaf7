import { useQuery } from "@tanstack/react-query";
import { INTERVAL_MS } from "../charts/chart-range.ts";
import { statisticsQuery } from "../charts/statistics-query.ts";
import { TimeBars } from "../charts/time-bars.tsx";
import { RANGES } from "../filters/time-range.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { type EventFilter, toStatisticsFilters } from "./event-filter.ts";

type EventHistogramProps = { filter: EventFilter; onChange: (change: EventFilter) => void };

const HEIGHT_PX = 96;
const RANGE_DEFAULT = "24h";

/** Accepted events over time. Selecting a range in the chart applies it to the list. */
export function EventHistogram({ filter, onChange }: EventHistogramProps) {
  const { filters, ignored } = toStatisticsFilters(filter);
  const query = useQuery(statisticsQuery({ ...chartRangeOf(filter), filters }));
  if (query.error && !query.data) return null; // the list below shows a better error
  const choose = (fromMs: number, toMs: number) =>
    onChange({
      range: undefined,
      from: new Date(fromMs).toISOString(),
      before: new Date(toMs).toISOString(),
    });
  return (
    <section aria-label="Volume" className="mb-4 rounded-card border border-line bg-surface px-4 py-3">
      {query.data === undefined ? (
        <Skeleton className="h-32" />
      ) : (
        <TimeBars
          label={labelOf(filter)}
          unit="Events"
          points={(query.data.series[0]?.points ?? []).map(({ start, events }) => ({
            start: Date.parse(start),
            delivered: 0,
            failed: 0,
            other: events ?? 0,
          }))}
          intervalMs={INTERVAL_MS[query.data.interval]}
          height={HEIGHT_PX}
          onSelect={choose}
        />
      )}
      {ignored.length > 0 && (
        <p className="mt-1 text-table text-muted">Not filtered by {ignored.join(", ")} in this chart.</p>
      )}
    </section>
  );
}

function isCustom({ from, before }: EventFilter): boolean {
  return from !== undefined || before !== undefined;
}

/** The list's time range for the statistics; the last 24 hours when the list has no time filter. */
export function chartRangeOf(filter: EventFilter) {
  return isCustom(filter)
    ? { from: filter.from, to: filter.before }
    : { range: filter.range ?? RANGE_DEFAULT };
}

function labelOf(filter: EventFilter): string {
  if (isCustom(filter)) return "Events in this range";
  const words =
    RANGES.find(({ name }) => name === (filter.range ?? RANGE_DEFAULT))?.label.toLowerCase() ?? "";
  return `Events, ${words}`;
}
