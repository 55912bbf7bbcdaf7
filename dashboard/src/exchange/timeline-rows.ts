import type { Attempt, LiveAttempt } from "../api/types.ts";

type Timings = Attempt["timings"];

export type Stage = LiveAttempt["stage"];

/** The progress of an attempt: the current stage with the time since the start, or ended with or without a response. */
export type AttemptProgress =
  | { readonly stage: Stage; readonly elapsedMs: number }
  | { readonly stage: null; readonly hasResponse: boolean };

/** One line of the timeline; times are milliseconds from the start of the attempt. */
export type TimelineRow = {
  readonly name: string;
  readonly state: "completed" | "running" | "ended" | "idle";
  readonly startMs: number;
  /** The stage's duration so far or in total; null if it has none. */
  readonly ms: number | null;
  /** Shown in place of the bar; null when there is a bar. */
  readonly note: string | null;
};

type Step = { readonly name: string; readonly stage: Stage | "sent"; readonly ms: number | null };

const SENT = 3;
/** A shorter time after the head is the time it took to notice a failure, not to read a body. */
const BODY_MS_MIN = 1;

/** The stages of an attempt, one row each. Empty when the attempt was refused before it started. */
export function timelineRows(timings: Timings, progress: AttemptProgress): readonly TimelineRow[] {
  const steps = stepsOf(timings, progress);
  const position = positionOf(steps, progress);
  if (position === -1) return [];
  const rows: TimelineRow[] = [];
  let startMs = 0;
  for (const [index, step] of steps.entries()) {
    const { name, ms } = step;
    if (progress.stage !== null && index === position) {
      rows.push({
        name,
        state: "running",
        startMs,
        ms: Math.max(0, progress.elapsedMs - startMs),
        note: null,
      });
    } else if (ms !== null) {
      const isEnd = progress.stage === null && !progress.hasResponse && index === position;
      rows.push({ name, state: isEnd ? "ended" : "completed", startMs, ms, note: null });
      startMs += ms;
    } else if (index > position) {
      const note = progress.stage === null ? "not reached" : "";
      rows.push({ name, state: "idle", startMs, ms, note });
    } else if (step.stage !== "sent") {
      // Older records lack the time when the request was sent; other stages without a duration were not needed.
      rows.push({ name, state: "idle", startMs, ms, note: step.stage === "tls" ? "not used" : "not needed" });
    }
  }
  const { dns, connect, tls } = timings;
  const wasOpen = position >= SENT && dns === null && connect === null && tls === null;
  return [
    ...queuedRows(timings),
    ...(wasOpen ? [REUSED_CONNECTION, ...rows.slice(SENT)] : rows),
    lastRow(timings, progress),
  ];
}

const REUSED_CONNECTION: TimelineRow = {
  name: "Connection",
  state: "idle",
  startMs: 0,
  ms: null,
  note: "was open already",
};

function stepsOf(
  { dns, connect, tls, sent, first_byte: head, total }: Timings,
  progress: AttemptProgress,
): Step[] {
  const bodyMs = head === null ? null : (total ?? 0) - (dns ?? 0) - (connect ?? 0) - (tls ?? 0) - head;
  const hasBody = progress.stage === null && (progress.hasResponse || (bodyMs ?? 0) > BODY_MS_MIN);
  return [
    { name: "DNS lookup", stage: "dns", ms: dns },
    { name: "Connect", stage: "connect", ms: connect },
    { name: "TLS", stage: "tls", ms: tls },
    { name: "Sent", stage: "sent", ms: sent },
    // The server measures the first byte from the start of writing.
    { name: "First byte", stage: "first_byte", ms: head === null ? null : Math.max(0, head - (sent ?? 0)) },
    { name: "Rest of response", stage: "body", ms: hasBody && bodyMs !== null ? Math.max(0, bodyMs) : null },
  ];
}

/**
 * The index of the current stage, or of the one in which the attempt ended; past the last stage when it has completed.
 */
function positionOf(steps: readonly Step[], progress: AttemptProgress): number {
  const hasEnded = progress.stage === "done" || (progress.stage === null && progress.hasResponse);
  if (hasEnded) return steps.length;
  if (progress.stage === null) return steps.findLastIndex(({ ms }) => ms !== null);
  return steps.findIndex(({ stage }) => stage === progress.stage);
}

function queuedRows({ queued }: Timings): TimelineRow[] {
  if (queued === null) return [];
  return [{ name: "Waited in queue", state: "completed", startMs: 0, ms: queued, note: "" }];
}

function lastRow({ total }: Timings, progress: AttemptProgress): TimelineRow {
  if (progress.stage !== null) return { name: "Total", state: "idle", startMs: 0, ms: null, note: "" };
  const [name, state] = progress.hasResponse
    ? (["Total", "completed"] as const)
    : (["Ended", "ended"] as const);
  return { name, state, startMs: 0, ms: total, note: "" };
}
