import { cancelIfDisconnected } from "./cancel.ts";
import type { DeliveryDeps } from "./deps.ts";

const IDS_A_STATEMENT_MAX = 500;

/**
 * Hands back deliveries of a connection that this process holds and will not send: they are due as they were, so that
 * another can take them at once and they keep their place. Of a connection that was disconnected meanwhile they are
 * cancelled, like all it owed. Returns whether it was.
 */
export async function returnLeases(
  deps: Pick<DeliveryDeps, "transact" | "workerId" | "hot">,
  connectionId: string,
  ids: readonly string[],
  now: number,
): Promise<boolean> {
  let isDisconnected = false;
  for (let start = 0; start < ids.length; start += IDS_A_STATEMENT_MAX) {
    const some = ids.slice(start, start + IDS_A_STATEMENT_MAX);
    isDisconnected = await deps.transact(async (trx) => {
      await trx
        .updateTable("deliveries")
        .set({ status: "pending", lease_holder: null, lease_expires_at: null, updated_at: now })
        .where("id", "in", some)
        .where("status", "=", "delivering")
        .where("lease_holder", "=", deps.workerId)
        .where("trigger_kind", "!=", "test")
        .execute();
      return cancelIfDisconnected(deps.hot, trx, connectionId, now);
    });
  }
  return isDisconnected;
}

/** Hands back everything this process still holds. */
export async function returnAllLeases(
  deps: Pick<DeliveryDeps, "db" | "workerId">,
  now: number,
): Promise<void> {
  await deps.db
    .updateTable("deliveries")
    .set({ status: "pending", lease_holder: null, lease_expires_at: null, updated_at: now })
    .where("status", "=", "delivering")
    .where("lease_holder", "=", deps.workerId)
    .where("trigger_kind", "!=", "test")
    .execute();
}
