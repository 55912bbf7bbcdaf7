import type { DeliveryDeps } from "./deps.ts";

const IDS_A_STATEMENT_MAX = 500;

/**
 * Hands back deliveries that this process holds and will not send: they are due as they were, so that another can take
 * them at once and they keep their place.
 */
export async function returnLeases(
  deps: Pick<DeliveryDeps, "transact" | "workerId">,
  ids: readonly string[],
  now: number,
): Promise<void> {
  for (let start = 0; start < ids.length; start += IDS_A_STATEMENT_MAX) {
    const some = ids.slice(start, start + IDS_A_STATEMENT_MAX);
    await deps.transact((trx) =>
      trx
        .updateTable("deliveries")
        .set({ status: "pending", lease_holder: null, lease_expires_at: null, updated_at: now })
        .where("id", "in", some)
        .where("status", "=", "delivering")
        .where("lease_holder", "=", deps.workerId)
        .where("trigger_kind", "!=", "test")
        .execute(),
    );
  }
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
