import type { Delivery } from "../../api/types.ts";

/**
 * A list that changes while people look at it. Shown rows are updated in place. New rows wait until someone asks for
 * them, so that nothing moves under the pointer.
 */
export type LiveRows = {
  /** The newest version of every row, shown or waiting. */
  readonly known: ReadonlyMap<string, Delivery>;
  readonly shown: ReadonlySet<string>;
  /** The last row that was read, while there are older rows to load; null once the list is complete. */
  readonly end: Delivery | null;
  /** More rows arrived than are kept; only reading the list again shows them. */
  readonly isOverflown: boolean;
};

export type LiveRowsAction =
  | { readonly type: "read"; readonly rows: readonly Delivery[]; readonly hasMore: boolean }
  | { readonly type: "changed"; readonly row: Delivery; readonly matches: boolean }
  | { readonly type: "show" }
  | { readonly type: "restart" };

export const WAITING_MAX = 500;

export const NO_ROWS: LiveRows = { known: new Map(), shown: new Set(), end: null, isOverflown: false };

export function liveRows(state: LiveRows, action: LiveRowsAction): LiveRows {
  if (action.type === "read") return read(state, action.rows, action.hasMore);
  if (action.type === "changed") return changed(state, action.row, action.matches);
  if (action.type === "restart") return NO_ROWS;
  return { ...state, shown: new Set(state.known.keys()) };
}

/** The shown rows, newest first, and the number of waiting rows. */
export function arrange({ known, shown }: LiveRows): { rows: Delivery[]; waiting: number } {
  const rows = [...known.values()].filter(({ id }) => shown.has(id)).sort(byPosition);
  return { rows, waiting: known.size - rows.length };
}

/** Adds rows from the top of the list down to the last one read: the first page, older pages, or all of them again. */
function read(state: LiveRows, rows: readonly Delivery[], hasMore: boolean): LiveRows {
  const known = new Map(state.known);
  const shown = new Set(state.shown);
  const bottom = arrange(state).rows.at(-1);
  let isOverflown = state.isOverflown || leavesGap(state, rows, hasMore);
  for (const row of rows) {
    const before = known.get(row.id);
    const isShown = shown.has(row.id) || bottom === undefined || byPosition(bottom, row) < 0;
    if (before === undefined && !isShown && known.size - shown.size >= WAITING_MAX) {
      isOverflown = true;
      continue;
    }
    // For the same version, the row just read wins: the reason a delivery is held can change without a new version.
    if (before === undefined || !isNewer(before, row)) known.set(row.id, row);
    if (isShown) shown.add(row.id);
  }
  return { known, shown, end: hasMore ? (rows.at(-1) ?? null) : null, isOverflown };
}

/** Whether rows are missing between the last row read and the first one shown. */
function leavesGap(state: LiveRows, rows: readonly Delivery[], hasMore: boolean): boolean {
  const last = rows.at(-1);
  if (!hasMore || last === undefined || state.known.has(last.id)) return false;
  const top = arrange(state).rows[0];
  return top !== undefined && byPosition(last, top) < 0;
}

/** Whether older pages come after the shown rows. While rows are missing above, the next page belongs above too. */
export function canLoadOlder(state: LiveRows): boolean {
  const bottom = arrange(state).rows.at(-1);
  if (!state.isOverflown || state.end === null || bottom === undefined) return true;
  return byPosition(state.end, bottom) >= 0;
}

function changed(state: LiveRows, row: Delivery, matches: boolean): LiveRows {
  const before = state.known.get(row.id);
  if (before !== undefined) {
    if (!isNewer(row, before)) return state;
    const known = new Map(state.known);
    if (matches || state.shown.has(row.id)) known.set(row.id, row);
    else known.delete(row.id);
    return { ...state, known };
  }
  const isBehindEnd = state.end !== null && byPosition(state.end, row) < 0;
  if (!matches || isBehindEnd) return state;
  if (state.known.size - state.shown.size >= WAITING_MAX) return { ...state, isOverflown: true };
  const known = new Map(state.known).set(row.id, row);
  // An empty list has no rows that could move.
  const shown = state.shown.size === 0 ? new Set([row.id]) : state.shown;
  return { ...state, known, shown };
}

/** Newest first. */
export function byPosition(a: Delivery, b: Delivery): number {
  if (a.created_at !== b.created_at) return a.created_at < b.created_at ? 1 : -1;
  return a.id === b.id ? 0 : a.id < b.id ? 1 : -1;
}

const RANKS: Record<Delivery["status"], number> = {
  pending: 0,
  delivered: 1,
  failed: 1,
  cancelled: 1,
};

/**
 * Whether `row` is the later of two versions. Within the same millisecond, a delivery only moves from pending to ended.
 */
export function isNewer(row: Delivery, than: Delivery): boolean {
  if (row.updated_at !== than.updated_at) return row.updated_at > than.updated_at;
  return RANKS[row.status] > RANKS[than.status];
}
