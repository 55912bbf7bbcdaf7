import type { Delivery } from "../../api/types.ts";

/**
 * A list that changes while people look at it. Rows that are shown are brought up to date where they stand. What
 * comes anew waits until a person asks for it, so that nothing moves under the pointer.
 */
export type LiveRows = {
  /** The newest version of every row, shown or waiting. */
  readonly known: ReadonlyMap<string, Delivery>;
  readonly shown: ReadonlySet<string>;
  /** The last row that was read, while there are more behind it, which is no one's to know yet; null at the end. */
  readonly end: Delivery | null;
  /** More came than is kept; only reading the list again shows it. */
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

/** What is shown, newest first, and how many wait. */
export function arrange({ known, shown }: LiveRows): { rows: Delivery[]; waiting: number } {
  const rows = [...known.values()].filter(({ id }) => shown.has(id)).sort(byPosition);
  return { rows, waiting: known.size - rows.length };
}

/** Rows from the top of the list down to where it was read: the first page, older ones, or all of them again. */
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
    // What was just read goes before what was known of the same version: what holds a delivery is not part of its row.
    if (before === undefined || !isNewer(before, row)) known.set(row.id, row);
    if (isShown) shown.add(row.id);
  }
  return { known, shown, end: hasMore ? (rows.at(-1) ?? null) : null, isOverflown };
}

/** More came than was read: between the last row read and those that are shown lie some that no one knows. */
function leavesGap(state: LiveRows, rows: readonly Delivery[], hasMore: boolean): boolean {
  const last = rows.at(-1);
  if (!hasMore || last === undefined || state.known.has(last.id)) return false;
  const top = arrange(state).rows[0];
  return top !== undefined && byPosition(last, top) < 0;
}

/** Whether older pages follow upon what is shown. While rows are missing above it, they belong above it too. */
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
  // In an empty list nothing can be moved.
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

/** Which of two versions came later. Within one millisecond a delivery moves towards its end. */
export function isNewer(row: Delivery, than: Delivery): boolean {
  if (row.updated_at !== than.updated_at) return row.updated_at > than.updated_at;
  return RANKS[row.status] > RANKS[than.status];
}
