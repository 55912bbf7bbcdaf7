import type { ClaimedDelivery } from "./claim.ts";
import type { DeliveryDeps } from "./deps.ts";
import type { RecordedAttempt } from "./describe-attempt.ts";
import type { Recorder } from "./record.ts";
import { send } from "./send.ts";
import { sign } from "./sign.ts";

/**
 * One attempt at one delivery, from claim to record. Read this first: every event OpenSend sends, real or test, takes
 * these three steps. Whatever happens between them, the delivery's row says what it is owed: a process that dies here
 * leaves a lease that runs out.
 */
export async function deliver(
  deps: DeliveryDeps,
  recorder: Recorder,
  claimed: ClaimedDelivery,
): Promise<RecordedAttempt> {
  const startedAt = deps.now();
  const signed = sign(deps, claimed, startedAt);
  const outcome = await send(deps, signed);
  return recorder.record({ claimed, signed, outcome, startedAt });
}
