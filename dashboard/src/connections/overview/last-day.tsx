import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { INTERVAL_MS } from "../../charts/chart-range.ts";
import { pointsOf, statisticsQuery } from "../../charts/statistics-query.ts";
import { TimeBars } from "../../charts/time-bars.tsx";
import { duration } from "../../text/duration.ts";
import { Card } from "../../ui/card.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { LatencyBars } from "./latency-bars.tsx";

/** Charts of a connection's deliveries and latency in the last 24 hours. Renders nothing when they cannot be loaded. */
export function LastDay({ connectionId }: { connectionId: string }) {
  const navigate = useNavigate();
  const statistics = useQuery(statisticsQuery({ range: "24h", filters: { connection_id: connectionId } }));
  if (statistics.error && !statistics.data) return null;
  const series = statistics.data?.series[0];
  if (statistics.data === undefined) return <Skeleton className="h-48" />;
  if (series === undefined || series.total.attempts === 0) return null;
  const select = (fromMs: number, toMs: number) =>
    void navigate({
      to: "/deliveries",
      search: {
        connection: connectionId,
        from: new Date(fromMs).toISOString(),
        before: new Date(toMs).toISOString(),
      },
    });
  const { p50_ms: p50, p95_ms: p95 } = series.total;
  return (
    <div className="grid gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
      <Card aria-labelledby="last-day" className="p-5">
        <h2 id="last-day" className="mb-2 text-card font-semibold">
          Deliveries in the last 24 hours
        </h2>
        <TimeBars
          label="Deliveries in the last 24 hours"
          points={pointsOf(series.points)}
          intervalMs={INTERVAL_MS.hour}
          onSelect={select}
        />
      </Card>
      <Card aria-labelledby="latency" className="flex flex-col p-5">
        <h2 id="latency" className="text-card font-semibold">
          Latency
        </h2>
        <p className="mt-1 text-muted">
          {p50 !== null && p95 !== null && `p50 ${duration(p50)}, p95 ${duration(p95)}`}
        </p>
        <LatencyBars points={series.points} />
      </Card>
    </div>
  );
}
