import { concernsOthers } from "../domain/next-delivery-state.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { DeliveryDeps } from "./deps.ts";
import type { DueDelivery } from "./due-delivery.ts";
import { internalError } from "./internal-error.ts";
import type { Recorded, Recorder } from "./record.ts";
import { send } from "./send.ts";
import { type SignedDelivery, sign, unsigned } from "./sign.ts";

/** Sends a delivery and resolves once its result is recorded; `onAnswered` is called when the receiver is done with it. */
export type Deliver = (
  delivery: DueDelivery,
  onAnswered: (concernsOthers: boolean) => void,
) => Promise<Recorded>;

/**
 * One attempt at one delivery, from queue to record. Read this first: every event OpenSend sends, real or test, takes
 * these three steps. Whatever happens between them, the delivery's row says what is still to be done: it is pending until the
 * last of them, so whoever owns its queue after a process that dies here sends it. `onAnswered` is called when the receiver is done with it; the record may
 * still wait for others to share a commit with.
 */
export async function deliver(
  deps: DeliveryDeps,
  recorder: Recorder,
  delivery: DueDelivery,
  onAnswered?: (concernsOthers: boolean) => void,
): Promise<Recorded> {
  const { signed, outcome } = await attempt(deps, delivery);
  onAnswered?.(concernsOthers(outcome));
  return recorder.record({ delivery, signed, outcome });
}

/** An exception of ours is an outcome like any other, so that no delivery is tried again and again without a trace. */
async function attempt(
  deps: DeliveryDeps,
  delivery: DueDelivery,
): Promise<{ readonly signed: SignedDelivery; readonly outcome: Outcome }> {
  const startedAt = deps.now();
  const startedMs = performance.now();
  let signed = unsigned(delivery, startedAt);
  try {
    signed = sign(deps, delivery, startedAt);
    return { signed, outcome: await send(deps, signed) };
  } catch (error) {
    deps.onFault(error, delivery);
    return { signed, outcome: internalError(performance.now() - startedMs) };
  }
}
