import { count } from "../text/count.ts";
import { localOffsetMs, tickWords } from "./interval-words.ts";
import { type Point, totalOf } from "./points.ts";
import { niceTicks, partHeights, timeTicks } from "./scale.ts";

/** The layout of a chart, in pixels. */
type Plot = {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  /** From the top of the plot to its baseline. */
  readonly barHeight: number;
  /** From one bar to the next. */
  readonly step: number;
  readonly ticks: readonly number[];
};

type PlotSize = {
  readonly width: number;
  readonly height: number;
  readonly bars: readonly Point[];
  readonly compact: boolean;
};

const DIGIT_PX = 7;
const TOP = 8;
const TIMES_HEIGHT = 20;
const Y_STEPS_MAX = 3;
const TICK_DISTANCE_MIN = 72;
const GAP_MAX = 3;

export function plotOf({ width, height, bars, compact }: PlotSize): Plot {
  const ticks = niceTicks(Math.max(0, ...bars.map(totalOf)), Y_STEPS_MAX);
  const longest = Math.max(...ticks.map((tick) => count(tick).length));
  const left = compact ? 0 : longest * DIGIT_PX + 8;
  const top = compact ? 1 : TOP;
  return {
    width,
    height,
    left,
    top,
    barHeight: Math.max(1, height - top - (compact ? 1 : TIMES_HEIGHT)),
    step: Math.max(0.1, (width - left) / Math.max(1, bars.length)),
    ticks: compact ? [0, Math.max(1, ...bars.map(totalOf))] : ticks,
  };
}

type BarPlotProps = {
  plot: Plot;
  bars: readonly Point[];
  intervalMs: number;
  range: { readonly first: number; readonly last: number } | null;
  isUtc: boolean;
};

/** The drawing only: the surrounding text and table give the same information. */
export function BarPlot({ plot, bars, intervalMs, range, isUtc }: BarPlotProps) {
  const { width, height, left, top, barHeight, step } = plot;
  const base = top + barHeight;
  const isCompact = left === 0;
  return (
    <svg aria-hidden width={width} height={height} className="block max-w-full">
      {range && (
        <rect
          x={left + range.first * step}
          y={top}
          width={(range.last - range.first + 1) * step}
          height={barHeight}
          className="fill-accent-soft"
        />
      )}
      {!isCompact && <Counts plot={plot} />}
      {bars.map((bar, index) => (
        <Bar key={bar.start} bar={bar} plot={plot} x={left + index * step} />
      ))}
      <rect x={left} y={base} width={Math.max(0, width - left)} height={1} className="fill-control" />
      {!isCompact && <Times plot={plot} bars={bars} intervalMs={intervalMs} isUtc={isUtc} />}
    </svg>
  );
}

function Bar({ bar, plot, x }: { bar: Point; plot: Plot; x: number }) {
  const { top, barHeight, step, ticks } = plot;
  const gap = Math.min(GAP_MAX, step / 4);
  const heights = partHeights([bar.delivered, bar.failed, bar.other ?? 0], ticks.at(-1) ?? 1, barHeight);
  let y = top + barHeight;
  return ["fill-ok-dot", "fill-err-dot", "fill-idle-dot"].map((color, index) => {
    const partHeight = heights[index] ?? 0;
    if (partHeight === 0) return null;
    y -= partHeight;
    return (
      <rect
        key={color}
        x={x + gap / 2}
        y={y}
        width={Math.max(0.5, step - gap)}
        height={partHeight}
        className={color}
      />
    );
  });
}

function Counts({ plot: { ticks, left, top, barHeight, width } }: { plot: Plot }) {
  const most = ticks.at(-1) ?? 1;
  return ticks.map((tick) => {
    const y = top + barHeight * (1 - tick / most);
    return (
      <g key={tick}>
        <rect x={left} y={y} width={Math.max(0, width - left)} height={1} className="fill-line" />
        <text x={left - 8} y={y + 4} textAnchor="end" className="fill-subtle text-badge">
          {count(tick)}
        </text>
      </g>
    );
  });
}

function Times({
  plot,
  bars,
  intervalMs,
  isUtc,
}: Pick<BarPlotProps, "plot" | "bars" | "intervalMs" | "isUtc">) {
  const fromMs = bars[0]?.start;
  if (fromMs === undefined) return null;
  const { width, height, left, step, top, barHeight } = plot;
  const ticks = timeTicks({
    fromMs,
    toMs: fromMs + bars.length * intervalMs,
    ticksMax: (width - left) / TICK_DISTANCE_MIN,
    offsetMs: isUtc ? () => 0 : localOffsetMs,
    intervalMs,
  });
  return ticks.map(({ at, isDay }) => {
    const x = left + ((at - fromMs) / intervalMs) * step;
    // A centered label at an edge would be cut off.
    const anchor = x < left + 20 ? "start" : x > width - 24 ? "end" : "middle";
    return (
      <g key={at}>
        <rect x={Math.min(x, width - 1)} y={top + barHeight} width={1} height={4} className="fill-control" />
        <text x={x} y={height - 3} textAnchor={anchor} className="fill-subtle text-badge">
          {tickWords(at, isDay, isUtc)}
        </text>
      </g>
    );
  });
}
