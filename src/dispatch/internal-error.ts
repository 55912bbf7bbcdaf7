import type { Outcome } from "../domain/outcome.ts";
import type { DueDelivery } from "./due-delivery.ts";

/** Called for an exception of ours while a delivery was handled. The attempt is recorded as failed. */
export type OnFault = (error: unknown, delivery: DueDelivery) => void;

/** The outcome of an attempt that OpenSend itself failed to make or to read. */
export function internalError(durationMs: number): Outcome {
  return {
    kind: "failure",
    failure: { code: "internal_error", stage: "dns" },
    timings: { dns: null, connect: null, tls: null, sent: null, first_byte: null, total: durationMs },
  };
}

const FRAMES_MAX = 8;

/**
 * What a log may hold of an exception: its name, code and place. Its message and its other members may quote what was
 * being handled, such as a webhook URL.
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
