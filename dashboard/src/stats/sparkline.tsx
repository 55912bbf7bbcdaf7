import { useQuery } from "@tanstack/react-query";
import type { DeliveryStats } from "../api/types.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { useNow } from "../ui/use-now.ts";
import { statsQuery } from "./queries.ts";
import { statsWords } from "./stats-words.ts";

const TICK_MS = 20_000;
const BAR = 7;
const GAP = 2;
const HEIGHT = 28;
/** An hour with few attempts beside a busy one must still be seen. */
const LOWEST = 2;

/** The last 24 hours as bars and in words. Nothing stands in its place when it cannot be read: the page goes on. */
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

/** One bar an hour: what was delivered, and on top of it what failed. */
function Sparkline({ hours, label }: { hours: DeliveryStats["hours"]; label: string }) {
  const most = Math.max(1, ...hours.map(({ delivered, failed }) => delivered + failed));
  const width = hours.length * (BAR + GAP) - GAP;
  const heightOf = (attempts: number) =>
    attempts === 0 ? 0 : Math.max(LOWEST, (attempts / most) * (HEIGHT - LOWEST));
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      width={width}
      height={HEIGHT}
      className="max-w-full"
    >
      {hours.map(({ hour, delivered, failed }, index) => {
        const ok = heightOf(delivered);
        const err = heightOf(failed);
        const bar = { x: index * (BAR + GAP), width: BAR };
        return (
          <g key={hour}>
            <rect {...bar} y={HEIGHT - 1} height={1} className="fill-control" />
            <rect {...bar} y={HEIGHT - ok} height={ok} className="fill-ok-dot" />
            <rect {...bar} y={Math.max(0, HEIGHT - ok - err)} height={err} className="fill-err-dot" />
          </g>
        );
      })}
    </svg>
  );
}
