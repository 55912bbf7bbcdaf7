import { acceptTest, type TestEvent } from "./accept-test.ts";
import { type ClaimedDelivery, claimOne } from "./claim.ts";
import { deliver } from "./deliver.ts";
import type { DeliveryDeps } from "./deps.ts";
import type { RecordedAttempt } from "./describe-attempt.ts";
import type { Recorder } from "./record.ts";

/** Stores a test event and claims its delivery in one commit, then delivers it and waits for what comes of it. */
export async function deliverNow(
  deps: DeliveryDeps,
  recorder: Recorder,
  event: TestEvent,
): Promise<RecordedAttempt> {
  const claimed = await deps.transact(async (trx): Promise<ClaimedDelivery> => {
    const now = deps.now();
    const deliveryId = await acceptTest(trx, event, now);
    const mine = await claimOne(deps, trx, event.connectionId, deliveryId, now);
    if (mine === null) throw new Error("a delivery made in this transaction cannot be claimed by another");
    return mine;
  });
  const { attempt } = await deliver(deps, recorder, claimed);
  return attempt;
}
