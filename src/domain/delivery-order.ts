/** Sort orders of deliveries besides creation time: slowest first, or last changed first. */
export const DELIVERY_ORDERS = ["-duration_ms", "-updated_at"] as const;
export type DeliveryOrder = (typeof DELIVERY_ORDERS)[number];

/** A delivery with the value it is sorted by. */
export type Ordered = { readonly id: string; readonly value: number };

/** One page of the rows after a position: largest value first, and newest id first among equal values. */
export function pageOrdered<Row extends Ordered>(
  rows: readonly Row[],
  { after, limit }: { readonly after: Ordered | null; readonly limit: number },
): { readonly rows: readonly Row[]; readonly hasMore: boolean } {
  const left = after === null ? [...rows] : rows.filter((row) => compare(after, row) < 0);
  const shown = left.sort(compare).slice(0, limit);
  return { rows: shown, hasMore: left.length > limit };
}

function compare(a: Ordered, b: Ordered): number {
  return b.value - a.value || (a.id < b.id ? 1 : -Number(a.id > b.id));
}
