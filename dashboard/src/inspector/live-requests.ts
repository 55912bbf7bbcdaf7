import { INSPECTOR_REQUESTS_MAX } from "../../../src/domain/inspector.ts";
import type { InspectedRequest } from "../api/types.ts";

type Rows = readonly InspectedRequest[];

/** The list with a new request, newest first, and no longer than the server's. */
export function withRequest(rows: Rows, row: InspectedRequest): InspectedRequest[] {
  const others = rows.filter(({ id }) => id !== row.id);
  return [row, ...others].sort(newestFirst).slice(0, INSPECTOR_REQUESTS_MAX);
}

/** How many of the newest requests are not shown. */
export function countWaiting(newest: Rows, shown: Rows): number {
  const ids = new Set(shown.map(({ id }) => id));
  return newest.filter(({ id }) => !ids.has(id)).length;
}

function newestFirst(a: InspectedRequest, b: InspectedRequest): number {
  if (a.created_at !== b.created_at) return a.created_at < b.created_at ? 1 : -1;
  return a.id < b.id ? 1 : -1;
}
