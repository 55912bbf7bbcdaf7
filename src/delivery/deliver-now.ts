import type { KeepKey } from "../idempotency/only-once.ts";
import { newId } from "../store/new-id.ts";
import { acceptTest, type TestEvent } from "./accept-test.ts";
import { type ClaimedDelivery, claimOne } from "./claim.ts";
import { deliver } from "./deliver.ts";
import type { DeliveryDeps } from "./deps.ts";
import type { Recorder } from "./record.ts";
import { type TestResult, toTestResult } from "./test-result.ts";

/**
 * Keeps the request's key, stores a test event and claims its delivery in one commit, then delivers it and waits for the
 * result.
 */
export async function deliverNow(
  deps: DeliveryDeps,
  recorder: Recorder,
  event: TestEvent,
  keep: KeepKey,
): Promise<TestResult> {
  const deliveryId = newId();
  // Not shared with others: a key that another request has taken undoes it.
  const claimed = await deps.db.transaction().execute(async (trx): Promise<ClaimedDelivery> => {
    const now = deps.now();
    await keep(trx, deliveryId);
    await acceptTest(trx, event, deliveryId, now);
    const mine = await claimOne(deps, trx, event.connectionId, deliveryId, now);
    if (mine === null) throw new Error("a delivery made in this transaction cannot be claimed by another");
    return mine;
  });
  const { attempt } = await deliver(deps, recorder, claimed);
  return toTestResult(attempt);
}
