import type { Delivery } from "../api/types.ts";
import { byPosition, isNewer } from "./list/live-rows.ts";

/** Of one connection, on its page. */
export const RECENT_ROWS = 10;

/** The newest deliveries with one that was made or has changed, unless a newer version of it is known. */
export function withDelivery(rows: readonly Delivery[], row: Delivery): Delivery[] {
  const known = rows.find(({ id }) => id === row.id);
  if (known !== undefined && !isNewer(row, known)) return [...rows];
  const others = rows.filter(({ id }) => id !== row.id);
  return [row, ...others].sort(byPosition).slice(0, RECENT_ROWS);
}
