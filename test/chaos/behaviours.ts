/**
 * How a receiver treats requests, chosen by the first word of the path. A failing behavior fails some of the events
 * once and accepts their retries, so that in the end everything can be delivered.
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
  /** Cuts the connection instead of responding. */
  cut: { answer: "cut", failsOneIn: 4 },
  /** Returns 200 and cuts the connection in the middle of the body. */
  half: { answer: "half", failsOneIn: 4 },
  /** Never responds. */
  never: { answer: "never", failsOneIn: 16 },
  /** For the fairness test: `dead` never responds, `late` responds after five seconds. */
  dead: { answer: "never", failsOneIn: 1 },
  late: { answer: "late", failsOneIn: null },
  /** Returns 200 and closes the connection, so that the next request resolves the name again. */
  brief: { answer: "brief", failsOneIn: null },
  /** Returns 422 to events of the type `rejected`, and 200 to all others. */
  picky: { answer: "rejected", failsOneIn: 1 },
} as const satisfies Record<string, { readonly answer: Answer; readonly failsOneIn: number | null }>;

/** Results with which the receiver has accepted the event. */
const TAKEN = ["ok", "slow", "brisk", "late", "brief"] as const;
export type Answer = (typeof TAKEN)[number] | "rejected" | "error" | "cut" | "half" | "never";
export type Behaviour = keyof typeof BEHAVIOURS;

/** The only type of event that a picky receiver rejects. */
export const REJECTED_TYPE = "rejected";

/** The behaviors of a chaos run. */
export const CHAOS_BEHAVIOURS = ["ok", "slow", "error", "cut", "half", "never"] as const;

/** Whether the receiver has accepted the event; after any other result it expects a retry. */
export function isTaken(answer: Answer): boolean {
  return (TAKEN as readonly Answer[]).includes(answer);
}
