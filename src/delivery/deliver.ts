import { concernsOthers } from "../core/next-delivery-state.ts";
import type { Outcome } from "../core/outcome.ts";
import type { ClaimedDelivery } from "./claim.ts";
import type { DeliveryDeps } from "./deps.ts";
import { internalError } from "./internal-error.ts";
import type { Recorded, Recorder } from "./record.ts";
import { send } from "./send.ts";
import { type SignedDelivery, sign, unsigned } from "./sign.ts";

/**
 * One attempt at one delivery, from claim to record. Read this first: every event OpenSend sends, real or test, takes
 * these three steps. Whatever happens between them, the delivery's row says what is still to be done: a process that dies
 * here leaves a lease, which the sweep takes back. `onAnswered` is called when the receiver is done with it; the record may
 * still wait for others to share a commit with.
 */
export async function deliver(
  deps: DeliveryDeps,
  recorder: Recorder,
  claimed: ClaimedDelivery,
  onAnswered?: (concernsOthers: boolean) => void,
): Promise<Recorded> {
  const { signed, outcome } = await attempt(deps, claimed);
  onAnswered?.(concernsOthers(outcome));
  return recorder.record({ claimed, signed, outcome });
}

/** An exception of ours is an outcome like any other, so that no delivery is tried again and again without a trace. */
async function attempt(
  deps: DeliveryDeps,
  claimed: ClaimedDelivery,
): Promise<{ readonly signed: SignedDelivery; readonly outcome: Outcome }> {
  const startedAt = deps.now();
  const startedMs = performance.now();
  let signed = unsigned(claimed, startedAt);
  try {
    signed = sign(deps, claimed, startedAt);
    return { signed, outcome: await send(deps, signed) };
  } catch (error) {
    deps.onFault(error, claimed);
    return { signed, outcome: internalError(performance.now() - startedMs) };
  }
}
