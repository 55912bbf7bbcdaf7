import type { Delivery } from "../../api/types.ts";
import { count, counted } from "../../text/count.ts";

/** The number of deliveries that an action affects: exact for selected rows, approximate for a filter. */
export type BulkSize = { readonly count: number | null; readonly isExact: boolean };

/** "12 deliveries", "about 6,608 deliveries", or "all matching deliveries" when the number is unknown. */
export function sizeWords({ count: value, isExact }: BulkSize): string {
  if (value === null) return "all matching deliveries";
  const words = counted(value, "delivery", "deliveries");
  return isExact ? words : `about ${words}`;
}

/** The effect of a retry on each of these deliveries, by status. */
export function retryEffects(rows: readonly Delivery[]): string[] {
  const of = (status: Delivery["status"]) => rows.filter((row) => row.status === status).length;
  const [failed, pending, delivered, cancelled] = [
    of("failed"),
    of("pending"),
    of("delivered"),
    of("cancelled"),
  ];
  return [
    failed > 0 && `${count(failed)} failed: sent again.`,
    pending > 0 &&
      `${count(pending)} pending: the next attempt starts now, unless the connection is held or paused.`,
    cancelled > 0 && `${count(cancelled)} cancelled: sent after all.`,
    delivered > 0 &&
      `${count(delivered)} delivered: the receiver gets ${delivered === 1 ? "it" : "them"} a second time.`,
  ].filter((line) => line !== false);
}

/** The effect of cancelling these deliveries. */
export function cancelEffects(rows: readonly Delivery[]): string[] {
  const open = rows.filter(({ status }) => status === "pending" || status === "failed").length;
  const ended = rows.length - open;
  return [
    `${count(open)} pending or failed: not sent any more. Attempts stay on record.`,
    ended > 0 && `${count(ended)} delivered or cancelled: left unchanged.`,
  ].filter((line) => line !== false);
}

/** The result of a retry. A delivery counts as delivered only once its receiver has responded. */
export function retriedWords(replayed: number, broughtForward: number): string {
  if (replayed === 0 && broughtForward === 0) return "Nothing was retried: none of these can be sent now.";
  const parts = [
    replayed > 0 && `Replay of ${counted(replayed, "delivery", "deliveries")} queued.`,
    broughtForward > 0 &&
      `Next attempt of ${counted(broughtForward, "pending delivery", "pending deliveries")} moved to now.`,
    "Each is delivered once its receiver has responded.",
  ];
  return parts.filter((part) => part !== false).join(" ");
}

export function cancelledWords(cancelled: number, hasMore: boolean): string {
  const words = `${counted(cancelled, "delivery", "deliveries")} cancelled.`;
  return hasMore ? `${words} More are left: cancel again to go on.` : words;
}
