import { healthAfter } from "../core/health.ts";
import type { DatabaseTransaction } from "../store/open.ts";

export type NotedAttempt = {
  readonly connectionId: string;
  readonly ok: boolean;
  readonly isTest: boolean;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly finishedAt: number;
};

/** Lets a connection show what the latest attempt says of its receiver; part of the transaction that records it. */
export async function noteAttempt(trx: DatabaseTransaction, attempt: NotedAttempt): Promise<void> {
  const row = await trx
    .selectFrom("connections")
    .select(["health", "consecutive_failures"])
    .where("id", "=", attempt.connectionId)
    .executeTakeFirst();
  if (row === undefined) return;
  const next = healthAfter({ health: row.health, consecutiveFailures: row.consecutive_failures }, attempt);
  await trx
    .updateTable("connections")
    .set({
      health: next.health,
      consecutive_failures: next.consecutiveFailures,
      last_health_check_at: attempt.finishedAt,
      last_event_at: attempt.finishedAt,
      last_error_code: attempt.error?.code ?? null,
      last_error_message: attempt.error?.message ?? null,
    })
    .where("id", "=", attempt.connectionId)
    .execute();
}
