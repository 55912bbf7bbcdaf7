import { LoaderCircle } from "lucide-react";
import { duration } from "../text/duration.ts";
import { useNow } from "../ui/use-now.ts";
import type { AttemptReport } from "./attempt-report.ts";
import { Timeline } from "./timeline.tsx";
import { type Stage, timelineRows } from "./timeline-rows.ts";

const TICK_MS = 100;
/** With reduced motion, the figures still change, but less often. */
const REDUCED_MOTION_TICK_MS = 1000;

const STAGE_WORDS: Record<Stage, string> = {
  dns: "Looking up the host",
  connect: "Connecting",
  tls: "TLS handshake",
  first_byte: "Waiting for the first byte",
  body: "Reading the rest of the response",
  done: "Ended, saving the result",
};

/** The current stage in words, without a duration, for screen readers. */
export function stageWords(report: AttemptReport): string {
  return `${STAGE_WORDS[report.attempt.stage]}.`;
}

/** The timeline of an attempt in progress: the current stage grows until the next one is reported. */
export function LiveTimeline({ report }: { report: AttemptReport }) {
  const hasReducedMotion = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const nowMs = useNow(hasReducedMotion ? REDUCED_MOTION_TICK_MS : TICK_MS);
  const { attempt, receivedAtMs } = report;
  const { stage, timings } = attempt;
  const sinceReportMs = stage === "done" ? 0 : Math.max(0, nowMs - receivedAtMs);
  const progress = { stage, elapsedMs: (timings.total ?? 0) + sinceReportMs };
  const running = timelineRows(timings, progress).find(({ state }) => state === "running");
  return (
    <Timeline timings={timings} progress={progress}>
      <p className="mb-2 flex items-center gap-2 font-medium">
        <LoaderCircle aria-hidden className="size-4 shrink-0 animate-spin text-run-dot" />
        <span>
          {STAGE_WORDS[stage]}…{running && <span className="tabular-nums"> {duration(running.ms ?? 0)}</span>}
        </span>
      </p>
    </Timeline>
  );
}
