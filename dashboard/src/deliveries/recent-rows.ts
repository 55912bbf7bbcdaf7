import type { Delivery } from "../api/types.ts";
import { byPosition, isNewer } from "./list/live-rows.ts";

/** The number of deliveries on a connection's page. */
export const RECENT_ROWS = 10;

/** Adds a new or changed delivery to the newest ones, unless a newer version of it is known. */
export function withDelivery(rows: readonly Delivery[], row: Delivery): Delivery[] {
  const known = rows.find(({ id }) => id === row.id);
  if (known !== undefined && !isNewer(row, known)) return [...rows];
  const others = rows.filter(({ id }) => id !== row.id);
  return [row, ...others].sort(byPosition).slice(0, RECENT_ROWS);
}
