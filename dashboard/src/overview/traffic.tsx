import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { INTERVAL_MS, type RangeName } from "../charts/chart-range.ts";
import { pointsOf, statisticsQuery } from "../charts/statistics-query.ts";
import { TimeBars } from "../charts/time-bars.tsx";
import { DocsLink } from "../docs/docs-link.tsx";
import { RANGES } from "../filters/time-range.ts";
import { count } from "../text/count.ts";
import { duration } from "../text/duration.ts";
import { Card } from "../ui/card.tsx";
import { LoadProblem } from "../ui/load-problem.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import {
  eventsChange,
  latencyChange,
  PREVIOUS_RANGE_WORDS,
  percentWords,
  type RangeComparison,
  rateChange,
  successRate,
} from "./compare.ts";

/** The volume and success of deliveries in the range, compared with the previous range of the same length. */
export function Traffic({ range }: { range: RangeName }) {
  const statistics = useQuery(statisticsQuery({ range }));
  const before = useQuery(statisticsQuery({ range, isBefore: true }));
  if (statistics.data === undefined) {
    if (statistics.error === null) return <Skeleton className="h-80" />;
    return (
      <LoadProblem what="Statistics" error={statistics.error} onRetry={() => void statistics.refetch()} />
    );
  }
  const { data } = statistics;
  const now = data.series[0]?.total;
  const past = before.data?.series[0]?.total;
  const startMs = Date.parse(data.from);
  const lengthMs = RANGES.find(({ name }) => name === range)?.ms ?? 1;
  const passed = (Date.parse(data.to) - startMs) / lengthMs;
  return (
    <section aria-labelledby="traffic" className="flex flex-col gap-4">
      <h2 id="traffic" className="sr-only">
        Traffic
      </h2>
      {now && (
        <FigureCards
          now={now}
          compared={past ? { now, before: past, passed } : null}
          before={PREVIOUS_RANGE_WORDS[range]}
          backlog={data.pending}
        />
      )}
      <AttemptChart range={range} data={data} />
    </section>
  );
}

type Statistics = NonNullable<
  Awaited<ReturnType<NonNullable<ReturnType<typeof statisticsQuery>["queryFn"]>>>
>;

function AttemptChart({ range, data }: { range: RangeName; data: Statistics }) {
  const navigate = useNavigate();
  const points = data.series[0]?.points ?? [];
  const label = RANGES.find(({ name }) => name === range)?.label ?? "";
  const isEmpty = points.every(({ attempts }) => attempts === 0);
  return (
    <Card aria-labelledby="attempts" className="p-5">
      <h3 id="attempts" className="text-card font-semibold">
        Delivery attempts
      </h3>
      <p className="mb-3 text-table text-muted">
        {isEmpty
          ? "Nothing was sent in this time."
          : "Failed attempts count whether or not they are retried. Select a range to see its deliveries."}{" "}
        <DocsLink topic="statistics" />
      </p>
      <TimeBars
        label={`Delivery attempts, ${label.toLowerCase()}`}
        points={pointsOf(points.map((point) => ({ ...point, failed: point.attempts - point.delivered })))}
        intervalMs={INTERVAL_MS[data.interval]}
        onSelect={(fromMs, toMs) =>
          void navigate({
            to: "/deliveries",
            search: { from: new Date(fromMs).toISOString(), before: new Date(toMs).toISOString() },
          })
        }
      />
    </Card>
  );
}

type FigureCardsProps = {
  now: RangeComparison["now"];
  compared: RangeComparison | null;
  before: string;
  backlog: number | null;
};

function FigureCards({ now, compared, before, backlog }: FigureCardsProps) {
  const than = (change: string | null) => (change === null ? null : `${change} ${before}`);
  const latency = (ms: number | null) => (ms === null ? "–" : duration(ms));
  const figures = [
    { name: "Events", value: count(now.events ?? 0), note: compared && than(eventsChange(compared)) },
    {
      name: "Success rate",
      value: percentWords(successRate(now)),
      note: compared && than(rateChange(compared)),
    },
    {
      name: "p50 latency",
      value: latency(now.p50_ms),
      note: compared && than(latencyChange(compared, "p50_ms")),
    },
    {
      name: "p95 latency",
      value: latency(now.p95_ms),
      note: compared && than(latencyChange(compared, "p95_ms")),
    },
    { name: "Backlog", value: count(backlog ?? 0), note: "pending deliveries now" },
  ];
  return (
    <div className="@container">
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line @2xl:grid-cols-3 @4xl:grid-cols-5">
        {figures.map(({ name, value, note }) => (
          <div
            key={name}
            className="flex min-w-0 flex-col gap-1 bg-surface p-4 last:col-span-full @2xl:last:col-span-2 @4xl:last:col-span-1"
          >
            <dt className="text-table text-muted">{name}</dt>
            <dd className="text-page font-semibold">{value}</dd>
            {note !== null && <dd className="text-badge text-muted">{note}</dd>}
          </div>
        ))}
      </dl>
    </div>
  );
}
