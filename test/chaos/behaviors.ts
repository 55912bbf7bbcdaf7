/**
 * How a receiver treats requests, chosen by the first word of the path. A failing behavior fails some of the events
 * once and accepts their retries, so that in the end everything can be delivered.
 */
export const BEHAVIORS = {
  /** Returns 200 immediately. */
  ok: { response: "ok", failsOneIn: null },
  /** Returns 200 after up to two seconds. */
  slow: { response: "slow", failsOneIn: null },
  /** Returns 200 after a tenth of a second. */
  brisk: { response: "brisk", failsOneIn: null },
  /** Returns 503. */
  error: { response: "error", failsOneIn: 4 },
  /** Cuts the connection instead of responding. */
  cut: { response: "cut", failsOneIn: 4 },
  /** Returns 200 and cuts the connection in the middle of the body. */
  half: { response: "half", failsOneIn: 4 },
  /** Never responds. */
  never: { response: "never", failsOneIn: 16 },
  /** For the fairness test: `dead` never responds, `late` responds after five seconds. */
  dead: { response: "never", failsOneIn: 1 },
  late: { response: "late", failsOneIn: null },
  /** Returns 200 and closes the connection, so that the next request resolves the name again. */
  brief: { response: "brief", failsOneIn: null },
  /** Returns 422 to events of the type `rejected`, and 200 to all others. */
  picky: { response: "rejected", failsOneIn: 1 },
} as const satisfies Record<string, { readonly response: ResponseKind; readonly failsOneIn: number | null }>;

/** Results with which the receiver has accepted the event. */
const ACCEPTED = ["ok", "slow", "brisk", "late", "brief"] as const;
export type ResponseKind = (typeof ACCEPTED)[number] | "rejected" | "error" | "cut" | "half" | "never";
export type Behavior = keyof typeof BEHAVIORS;

/** The only type of event that a picky receiver rejects. */
export const REJECTED_TYPE = "rejected";

/** The behaviors of a chaos run. */
export const CHAOS_BEHAVIORS = ["ok", "slow", "error", "cut", "half", "never"] as const;

/** Whether the receiver has accepted the event; after any other result it expects a retry. */
export function isAccepted(response: ResponseKind): boolean {
  return (ACCEPTED as readonly ResponseKind[]).includes(response);
}
