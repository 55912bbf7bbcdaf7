import type { TestDelivery } from "../api/types.ts";
import { duration } from "../text/duration.ts";

type Timings = TestDelivery["timings"];
type Stage = { readonly name: string; readonly startMs: number; readonly ms: number };

const NARROWEST_PERCENT = 0.75;

/** Where the time went, stage after stage. */
export function TimingBars({ timings }: { timings: Timings }) {
  const stages = stagesOf(timings);
  const totalMs = Math.max(timings.total ?? 0, ...stages.map(({ startMs, ms }) => startMs + ms), 1);
  if (stages.length === 0) return null;
  return (
    <div>
      <h3 className="mb-2 text-table font-medium text-muted">Timings</h3>
      <ol className="flex flex-col gap-1">
        {stages.map(({ name, startMs, ms }) => (
          <li
            key={name}
            className="grid grid-cols-[6.5rem_minmax(0,1fr)_4rem] items-center gap-2 text-table md:grid-cols-[7.5rem_minmax(0,1fr)_5.5rem]"
          >
            <span>{name}</span>
            <span aria-hidden className="relative h-2 overflow-hidden rounded-badge bg-sunken">
              <span
                className="absolute inset-y-0 rounded-badge bg-accent forced-colors:border"
                style={{
                  left: `${Math.min((startMs / totalMs) * 100, 100 - NARROWEST_PERCENT)}%`,
                  width: `${Math.max((ms / totalMs) * 100, NARROWEST_PERCENT)}%`,
                }}
              />
            </span>
            <span className="text-right text-muted">{duration(ms)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** Stages that took place, in order; what the total has left over is the reading of the answer. */
function stagesOf(timings: Timings): Stage[] {
  const parts = [
    { name: "Look-up (DNS)", ms: timings.dns },
    { name: "Connect", ms: timings.connect },
    { name: "TLS", ms: timings.tls },
    { name: "First byte", ms: timings.first_byte },
  ];
  const stages: Stage[] = [];
  let startMs = 0;
  for (const { name, ms } of parts) {
    if (ms === null) continue;
    stages.push({ name, startMs, ms });
    startMs += ms;
  }
  const restMs = (timings.total ?? 0) - startMs;
  if (timings.first_byte !== null && restMs >= 0)
    stages.push({ name: "Rest of answer", startMs, ms: restMs });
  return stages;
}
