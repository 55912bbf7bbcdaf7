import { concernsOthers } from "../domain/next-delivery-state.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { AttemptTrace, TraceAttempt } from "./attempt-trace.ts";
import type { DueDelivery } from "./due-delivery.ts";
import { internalError, type OnFault } from "./internal-error.ts";
import type { Recorded, Recorder } from "./recorder.ts";
import type { Sender } from "./sender.ts";
import { type SignedDelivery, unsigned } from "./signed-delivery.ts";

/** Sends a delivery and resolves once its result is recorded; `onEnded` is called when the request has ended. */
export type Deliver = (
  delivery: DueDelivery,
  onEnded: (concernsOthers: boolean) => void,
) => Promise<Recorded>;

export type DeliverDeps = {
  readonly sender: Sender;
  readonly recorder: Recorder;
  readonly now: () => number;
  readonly onFault: OnFault;
  /** Null if attempts are not traced. */
  readonly traceAttempt: TraceAttempt | null;
};

/**
 * One attempt at one delivery, from queue to record. Start reading here: every event OpenSend sends, real or test,
 * takes these three steps: sign, send, record. The delivery stays pending until the last step, so if the process dies
 * in between, the next owner of the queue sends it. `onEnded` is called when the request has ended; recording can
 * still wait to share a commit.
 */
export async function deliver(
  deps: DeliverDeps,
  delivery: DueDelivery,
  onEnded?: (concernsOthers: boolean) => void,
): Promise<Recorded> {
  const trace = deps.traceAttempt?.(delivery) ?? null;
  const { signed, outcome } = await attempt(deps, delivery, trace);
  trace?.ended(outcome);
  onEnded?.(concernsOthers(outcome));
  const recording = deps.recorder.record({ delivery, signed, outcome });
  return trace === null ? recording : traced(recording, trace);
}

async function traced(recording: Promise<Recorded>, trace: AttemptTrace): Promise<Recorded> {
  let recorded: Recorded | null = null;
  try {
    recorded = await recording;
    return recorded;
  } finally {
    trace.recorded(recorded);
  }
}

/** An internal exception is an outcome like any other, so that no delivery is retried forever without a record. */
async function attempt(
  { sender, now, onFault }: DeliverDeps,
  delivery: DueDelivery,
  trace: AttemptTrace | null,
): Promise<{ readonly signed: SignedDelivery; readonly outcome: Outcome }> {
  const startedAt = now();
  const startedMs = performance.now();
  let signed = unsigned(delivery, startedAt);
  try {
    signed = sender.sign(delivery, startedAt);
    trace?.signed();
    return { signed, outcome: await sender.send(signed) };
  } catch (error) {
    onFault(error, delivery);
    return { signed, outcome: internalError(performance.now() - startedMs) };
  }
}
