import { isAccepted } from "../behaviors.ts";
import { explainReceipt } from "../explain-receipt.ts";
import type { Fault } from "../fault.ts";
import type { Receipt } from "../receipt.ts";

/** A connection in strict order: the events posted for it, in order, and what its receiver got. */
export type OrderEvidence = {
  readonly path: string;
  readonly ids: readonly string[];
  /** In order of receipt. */
  readonly receipts: readonly Receipt[];
  readonly faults: readonly Fault[];
};

/**
 * Violations of a connection's order: an event that was first accepted after a later one, and two concurrent requests.
 * Requests in flight during a fault may be repeated while a later one is in flight.
 */
export function judgeOrder({ path, ids, receipts, faults }: OrderEvidence): string[] {
  const place = new Map(ids.map((id, index) => [id, index]));
  const found: string[] = [];
  let furthest = -1;
  for (const { eventId, response } of receipts) {
    const index = place.get(eventId);
    if (index === undefined || !isAccepted(response)) continue;
    // Events accepted twice are judged by the ledger.
    if (index > furthest + 1) {
      found.push(`${path}: event ${index} came after ${furthest}, which leaves out those in between`);
    }
    furthest = Math.max(furthest, index);
  }
  const calm = receipts.filter((receipt) => explainReceipt(receipt, faults) === null);
  for (const [index, receipt] of calm.entries()) {
    const next = calm[index + 1];
    const endedAt = receipt.respondedAt ?? receipt.closedAt;
    if (next === undefined || endedAt === null || next.at >= endedAt) continue;
    found.push(
      `${path}: ${next.eventId} was sent ${Math.round(endedAt - next.at)} ms before ${receipt.eventId} had ended`,
    );
  }
  return found;
}
