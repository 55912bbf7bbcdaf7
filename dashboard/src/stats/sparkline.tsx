import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "../ui/skeleton.tsx";
import { useNow } from "../ui/use-now.ts";
import { type Hour, hourBars } from "./hour-bars.ts";
import { statsQuery } from "./queries.ts";
import { statsWords } from "./stats-words.ts";

const TICK_MS = 20_000;
const BAR = 7;
const GAP = 2;
const HEIGHT = 28;

/**
 * The last 24 hours as bars and in words. Renders nothing when the statistics cannot be loaded, so that the page still
 * works.
 */
export function RecentStats({ connectionId }: { connectionId: string | null }) {
  const stats = useQuery(statsQuery(connectionId));
  const nowMs = useNow(TICK_MS);
  if (stats.error && !stats.data) return null;
  if (stats.data === undefined) return <Skeleton className="h-8" />;
  const words = statsWords(stats.data, nowMs);
  return (
    <div className="flex flex-wrap items-end gap-x-4 gap-y-2">
      <Sparkline hours={stats.data.hours} label={`Last 24 hours: ${words}`} />
      <p aria-hidden className="text-table text-muted">
        {words}
      </p>
    </div>
  );
}

type SparklineProps = {
  hours: readonly Hour[];
  label: string;
  /** For a list, in which nearly everything was delivered: delivered is not green. */
  isPlain?: boolean;
};

/** One bar per hour: delivered, with failed on top. */
export function Sparkline({ hours, label, isPlain = false }: SparklineProps) {
  const width = hours.length * (BAR + GAP) - GAP;
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      width={isPlain ? width / 2 : width}
      height={isPlain ? HEIGHT / 1.4 : HEIGHT}
      preserveAspectRatio="none"
      className="max-w-full"
    >
      {hourBars(hours, HEIGHT).map(({ delivered, failed }, index) => {
        const bar = { x: index * (BAR + GAP), width: BAR };
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: hours have no other name, and keep their position
          <g key={index}>
            <rect {...bar} y={HEIGHT - 1} height={1} className="fill-control" />
            <rect
              {...bar}
              y={HEIGHT - delivered}
              height={delivered}
              className={isPlain ? "fill-control" : "fill-ok-dot"}
            />
            <rect {...bar} y={HEIGHT - delivered - failed} height={failed} className="fill-err-dot" />
          </g>
        );
      })}
    </svg>
  );
}
