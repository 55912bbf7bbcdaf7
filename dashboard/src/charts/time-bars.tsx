import { useId, useMemo } from "react";
import { count } from "../text/count.ts";
import { useTimeZone } from "../ui/time-zone.ts";
import { BarPlot, plotOf } from "./bar-plot.tsx";
import { intervalWords, isUtcInterval } from "./interval-words.ts";
import { Legend } from "./legend.tsx";
import { PointTable } from "./point-table.tsx";
import { type Point, sumOf } from "./points.ts";
import { RangeTip } from "./range-tip.tsx";
import { fillGaps } from "./scale.ts";
import { useIntervalChoice } from "./use-interval-choice.ts";
import { useWidth } from "./use-width.ts";

type TimeBarsProps = {
  /** The accessible name: "Deliveries in the last 24 hours". */
  label: string;
  /** Oldest first, each at the start of an interval. Missing intervals in between count as zero. */
  points: readonly Point[];
  intervalMs: number;
  /**
   * Makes intervals clickable and ranges selectable. Called with the start of the first interval and the end of the
   * last.
   */
  onSelect?: (fromMs: number, toMs: number) => void;
  height?: number;
  /** Without axes and legend. */
  compact?: boolean;
  /** The unit of `other` when nothing else is counted: "Events". */
  unit?: string;
};

const HEIGHT = 176;
const COMPACT_HEIGHT = 64;

/** Deliveries over time as stacked bars: delivered, failed, and other. */
export function TimeBars({
  label,
  points,
  intervalMs,
  onSelect,
  height,
  compact = false,
  unit,
}: TimeBarsProps) {
  const hintId = useId();
  const isUtc = useTimeZone() === "utc" || isUtcInterval(intervalMs);
  const bars = useMemo(() => fillGaps(points, intervalMs), [points, intervalMs]);
  const [box, width] = useWidth<HTMLDivElement>();
  const plot = plotOf({ width, height: height ?? (compact ? COMPACT_HEIGHT : HEIGHT), bars, compact });
  const startOf = (index: number) => (bars[0]?.start ?? 0) + index * intervalMs;
  const { range, handlers } = useIntervalChoice({
    intervals: bars.length,
    intervalAt: (clientX) => {
      const left = (box.current?.getBoundingClientRect().left ?? 0) + plot.left;
      return Math.min(bars.length - 1, Math.max(0, Math.floor((clientX - left) / plot.step)));
    },
    onSelect: onSelect && ((first, last) => onSelect(startOf(first), startOf(last + 1))),
  });
  const chosen = range && {
    fromMs: startOf(range.first),
    toMs: startOf(range.last + 1),
    sum: sumOf(bars.slice(range.first, range.last + 1)),
  };
  const when = chosen === null ? "All" : intervalWords(chosen.fromMs, chosen.toMs, isUtc);
  const { delivered, failed, other } = chosen?.sum ?? sumOf(bars);
  const hasOther = unit !== undefined || bars.some((point) => (point.other ?? 0) > 0);
  const sums = `${count(delivered)} delivered, ${count(failed)} failed${hasOther ? `, ${count(other)} other` : ""}`;
  const valueWords = unit === undefined ? sums : `${count(other)} ${unit.toLowerCase()}`;
  return (
    <figure aria-label={label} className="relative min-w-0">
      {!compact && <Legend bars={bars} hasOther={hasOther} unit={unit} />}
      <div ref={box} className="relative">
        <div
          role="slider"
          tabIndex={0}
          aria-label={label}
          aria-describedby={hintId}
          aria-orientation="horizontal"
          aria-valuemin={0}
          aria-valuemax={Math.max(0, bars.length - 1)}
          aria-valuenow={range?.last ?? Math.max(0, bars.length - 1)}
          aria-valuetext={`${when}: ${valueWords}`}
          className="touch-pan-y rounded-badge select-none"
          {...handlers}
        >
          {width > 0 && (
            <BarPlot plot={plot} bars={bars} intervalMs={intervalMs} range={range} isUtc={isUtc} />
          )}
        </div>
        {chosen && range && width > 0 && (
          <RangeTip
            {...chosen}
            hasOther={hasOther}
            unit={unit}
            isUtc={isUtc}
            center={plot.left + ((range.first + range.last + 1) / 2) * plot.step}
            width={width}
          />
        )}
      </div>
      <p id={hintId} className="sr-only">
        {onSelect
          ? "Arrow keys move between intervals. Shift and arrow keys select a range. Enter narrows the list to it."
          : "Arrow keys move between intervals. Shift and arrow keys add up a range."}
      </p>
      <PointTable
        label={label}
        bars={bars}
        intervalMs={intervalMs}
        hasOther={hasOther}
        unit={unit}
        isUtc={isUtc}
      />
    </figure>
  );
}
