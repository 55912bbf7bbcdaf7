import { duration } from "../../text/duration.ts";

type Point = { readonly start: string; readonly p95_ms: number | null };

const BAR = 7;
const GAP = 2;
const HEIGHT = 96;
/** The minimum height, so that the shortest latency remains visible. */
const LOWEST = 2;

/** The p95 of each hour as bars, described in words for screen readers. */
export function LatencyBars({ points }: { points: readonly Point[] }) {
  const known = points.flatMap(({ p95_ms: ms }) => (ms === null ? [] : [ms]));
  const most = Math.max(1, ...known);
  const width = points.length * (BAR + GAP) - GAP;
  return (
    <figure className="mt-auto pt-4">
      <svg
        role="img"
        aria-label={`p95 per hour, from ${duration(Math.min(...known))} to ${duration(most)}`}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-24 w-full"
      >
        {points.map(({ start, p95_ms: ms }, index) => {
          const height = ms === null ? 0 : Math.max(LOWEST, (ms / most) * HEIGHT);
          const bar = { x: index * (BAR + GAP), width: BAR };
          return (
            <g key={start}>
              <rect {...bar} y={HEIGHT - 1} height={1} className="fill-control" />
              <rect {...bar} y={HEIGHT - height} height={height} className="fill-run-dot" />
            </g>
          );
        })}
      </svg>
      <figcaption className="mt-1 flex justify-between text-badge text-muted">
        <span>p95 per hour</span>
        <span>up to {duration(most)}</span>
      </figcaption>
    </figure>
  );
}
