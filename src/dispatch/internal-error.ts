import type { Outcome } from "../domain/outcome.ts";
import type { DueDelivery } from "./due-delivery.ts";

/** Called for an internal exception while a delivery is handled. The attempt is recorded as failed. */
export type OnFault = (error: unknown, delivery: DueDelivery) => void;

/** The outcome of an attempt that failed because of an error in OpenSend. */
export function internalError(durationMs: number): Outcome {
  return {
    kind: "failure",
    failure: { code: "internal_error", stage: "dns" },
    timings: { dns: null, connect: null, tls: null, sent: null, first_byte: null, total: durationMs },
  };
}

const FRAMES_MAX = 8;

/**
 * The part of an exception that can be logged: its name, code and place. The message and other members can quote what
 * was being handled, such as a webhook URL.
 */
export function describeFault(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof Error)) return { fault: typeof error };
  const { code } = error as { code?: unknown };
  const frames = (error.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
  return {
    fault: error.name,
    ...(typeof code === "string" ? { code } : {}),
    at: frames.slice(0, FRAMES_MAX).join("\n"),
  };
}
