import { useQuery } from "@tanstack/react-query";
import { INTERVAL_MS } from "../../charts/chart-range.ts";
import { pointsOf, statisticsQuery } from "../../charts/statistics-query.ts";
import { TimeBars } from "../../charts/time-bars.tsx";
import { RANGES } from "../../filters/time-range.ts";
import { Skeleton } from "../../ui/skeleton.tsx";
import type { DeliveryFilter } from "../delivery-filter.ts";
import { statisticsFilters } from "./histogram-filter.ts";

type HistogramProps = { filter: DeliveryFilter; onChange: (change: DeliveryFilter) => void };

const HEIGHT_PX = 96;
const RANGE_DEFAULT = "24h";
const SPAN_MS_MAX = 90 * 86_400_000;

/** Deliveries over time, by result. Selecting a range in the chart applies it to the list. */
export function Histogram({ filter, onChange }: HistogramProps) {
  const { filters, ignored } = statisticsFilters(filter);
  const { from, before, range } = filter;
  const isCustom = from !== undefined || before !== undefined;
  // The statistics have no minutes per connection and event type combined.
  const needsHours =
    !isCustom && range === "1h" && filters.connection_id !== undefined && filters.event_type !== undefined;
  const chartRange = isCustom ? { from, to: before } : { range: range ?? RANGE_DEFAULT };
  const isDrawn = !isCustom || isDrawable(from, before);
  const statistics = statisticsQuery({ ...chartRange, filters, ...(needsHours && { interval: "hour" }) });
  const query = useQuery({ ...statistics, enabled: isDrawn });
  if (!isDrawn || (query.error && !query.data)) return null; // the list below shows a better error
  const label = isCustom ? "Deliveries in this range" : `Deliveries, ${wordsOf(range ?? RANGE_DEFAULT)}`;
  return (
    <section
      aria-label="Volume"
      className="mb-4 min-h-37 rounded-card border border-line bg-surface px-4 py-3"
    >
      {query.data === undefined ? (
        <Skeleton className="h-30" />
      ) : (
        <TimeBars
          label={label}
          points={pointsOf(query.data.series[0]?.points ?? [])}
          intervalMs={INTERVAL_MS[query.data.interval]}
          height={HEIGHT_PX}
          onSelect={(fromMs, toMs) =>
            onChange({
              range: undefined,
              from: new Date(fromMs).toISOString(),
              before: new Date(toMs).toISOString(),
            })
          }
        />
      )}
      {ignored.length > 0 && (
        <p className="mt-1 text-table text-muted">Not filtered by {ignored.join(", ")} in this chart.</p>
      )}
    </section>
  );
}

/** Bars for more days than this are too thin to tell apart, and without a start the number of days has no limit. */
function isDrawable(from: string | undefined, before: string | undefined): boolean {
  if (from === undefined) return false;
  const spanMs = (before === undefined ? Date.now() : Date.parse(before)) - Date.parse(from);
  return spanMs > 0 && spanMs <= SPAN_MS_MAX;
}

function wordsOf(range: string): string {
  return RANGES.find(({ name }) => name === range)?.label.toLowerCase() ?? "";
}
