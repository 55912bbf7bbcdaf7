import type { DeliveryDeps } from "./deps.ts";

/** Hands back what this process still holds, so that another can take it at once. */
export async function returnLeases(deps: Pick<DeliveryDeps, "db" | "workerId">, now: number): Promise<void> {
  await deps.db
    .updateTable("deliveries")
    .set({
      status: "pending",
      lease_holder: null,
      lease_expires_at: null,
      next_attempt_at: now,
      updated_at: now,
    })
    .where("status", "=", "delivering")
    .where("lease_holder", "=", deps.workerId)
    .where("trigger_kind", "!=", "test")
    .execute();
}
