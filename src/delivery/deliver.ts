import { isSuccess } from "../core/outcome.ts";
import type { ClaimedDelivery } from "./claim.ts";
import type { DeliveryDeps } from "./deps.ts";
import type { Recorded, Recorder } from "./record.ts";
import { send } from "./send.ts";
import { sign } from "./sign.ts";

/**
 * One attempt at one delivery, from claim to record. Read this first: every event OpenSend sends, real or test, takes
 * these three steps. Whatever happens between them, the delivery's row says what it is owed: a process that dies here
 * leaves a lease, which the sweep takes back. `onAnswered` is told when the receiver is done with it; the record may
 * still wait for others to share a commit with.
 */
export async function deliver(
  deps: DeliveryDeps,
  recorder: Recorder,
  claimed: ClaimedDelivery,
  onAnswered?: (isSuccessful: boolean) => void,
): Promise<Recorded> {
  const startedAt = deps.now();
  const signed = sign(deps, claimed, startedAt);
  const outcome = await send(deps, signed);
  onAnswered?.(isSuccess(outcome));
  return recorder.record({ claimed, signed, outcome });
}
