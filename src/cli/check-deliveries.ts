import type { Store } from "../db/open.ts";
import { QueueDepthReader } from "../dispatch/queue-depth.ts";
import { comparePending, correctPending } from "../statistics/recount-pending.ts";
import { type Finding, ok, warn } from "./finding.ts";
import { printable } from "./printable.ts";

/** A delivery is overdue this long only if nothing sends, or sending cannot keep up. */
const OVERDUE_MS = 60_000;
const NAMED_MAX = 5;

/** Checks whether receivers accept deliveries. */
export async function checkConnections({ db }: Store): Promise<Finding> {
  const check = "connections";
  const rows = await db
    .selectFrom("connections")
    .select(["id", "name", "health", "paused_reason"])
    .where("status", "!=", "disconnected")
    .orderBy("id")
    .execute();
  const failing = rows.filter(
    ({ health, paused_reason: reason }) =>
      health === "unhealthy" || reason === "failing" || reason === "gone",
  );
  if (failing.length === 0) return ok(check, `${rows.length}, none unhealthy`);
  const names = failing.slice(0, NAMED_MAX).map(({ id, name }) => `${printable(name)} (${id})`);
  const others = failing.length - names.length;
  return warn(
    check,
    `${failing.length} of ${rows.length} unhealthy: ${names.join(", ")}${others > 0 ? ` and ${others} more` : ""}`,
    "Open the connection in the dashboard: its latest failed delivery shows the cause and the fix.",
  );
}

/** Checks whether deliveries are sent when they are due. */
export async function checkBacklog(store: Store): Promise<Finding> {
  const check = "backlog";
  const now = Date.now();
  const { pending, oldestDueAt } = await new QueueDepthReader(store.db, () => now).read();
  const overdueMs = oldestDueAt === null ? 0 : now - oldestDueAt;
  const text = `${pending} pending deliveries`;
  if (overdueMs < OVERDUE_MS) return ok(check, `${text}, none overdue`);
  return warn(
    check,
    `${text}, the oldest overdue by ${Math.round(overdueMs / 1000)} s`,
    "Check that a worker is running; if one does, a rate limit or strict order may delay a connection's queue.",
  );
}

/** Compared by every check: about 20 ms on either database. */
const COUNTED_MAX = 100_000;

/** Checks whether the stored numbers of pending deliveries match the rows. */
export async function checkCounts(store: Store, recounts: boolean): Promise<Finding> {
  const check = "pending counts";
  const { differences, counted } = recounts
    ? await correctPending(store, Date.now())
    : await comparePending(store, COUNTED_MAX);
  if (counted === null)
    return ok(check, `not compared, since more than ${COUNTED_MAX} deliveries are pending; --recount does`);
  if (differences.length === 0) return ok(check, `equal a recount of ${counted} pending deliveries`);
  const text = `${differences.length} of the connections have another number of pending deliveries than is shown`;
  if (recounts) return ok(check, `${text}; corrected, which shows within seconds while a process delivers`);
  return warn(check, text, "Run `opensend doctor --recount`.");
}
