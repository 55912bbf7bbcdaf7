/**
 * How a receiver treats what comes to a path, by the path's first word. Those that fail do so once for some of the
 * events, and take them when they come again, so that in the end everything can be delivered.
 */
export const BEHAVIOURS = {
  /** Returns 200 immediately. */
  ok: { answer: "ok", failsOneIn: null },
  /** Returns 200 after up to two seconds. */
  slow: { answer: "slow", failsOneIn: null },
  /** Returns 200 after a tenth of a second. */
  brisk: { answer: "brisk", failsOneIn: null },
  /** Returns 503. */
  error: { answer: "error", failsOneIn: 4 },
  /** Cuts the connection instead of answering. */
  cut: { answer: "cut", failsOneIn: 4 },
  /** Returns 200 and cuts the connection in the middle of the body. */
  half: { answer: "half", failsOneIn: 4 },
  /** Never answers. */
  never: { answer: "never", failsOneIn: 16 },
  /** For the proof of fairness: never answers anything, and answers everything in five seconds. */
  dead: { answer: "never", failsOneIn: 1 },
  late: { answer: "late", failsOneIn: null },
  /** Returns 200 and closes the connection, so that the next request looks the name up again. */
  brief: { answer: "brief", failsOneIn: null },
  /** Returns 422 to events of the type `rejected`, and 200 to all others. */
  picky: { answer: "rejected", failsOneIn: 1 },
} as const satisfies Record<string, { readonly answer: Answer; readonly failsOneIn: number | null }>;

/** Those of a receiver that has the event. */
const TAKEN = ["ok", "slow", "brisk", "late", "brief"] as const;
export type Answer = (typeof TAKEN)[number] | "rejected" | "error" | "cut" | "half" | "never";
export type Behaviour = keyof typeof BEHAVIOURS;

/** The one type of event that a picky receiver rejects. */
export const REJECTED_TYPE = "rejected";

/** Those of a chaos run. */
export const CHAOS_BEHAVIOURS = ["ok", "slow", "error", "cut", "half", "never"] as const;

/** Whether a receiver takes what it answers so; the others it wants again. */
export function isTaken(answer: Answer): boolean {
  return (TAKEN as readonly Answer[]).includes(answer);
}
