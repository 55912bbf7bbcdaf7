/** The rows selected for a bulk action. */
export type Selection = {
  readonly ids: ReadonlySet<string>;
  /** The start of a range: the row selected last. */
  readonly anchor: string | null;
  /** Everything that matches the filter, including rows that are not loaded. */
  readonly isAll: boolean;
};

export type SelectionAction =
  | { readonly type: "toggle"; readonly id: string }
  /** From the anchor to this row, in list order. */
  | { readonly type: "range"; readonly id: string; readonly order: readonly string[] }
  | { readonly type: "shown"; readonly order: readonly string[] }
  | { readonly type: "all" }
  | { readonly type: "none" };

/** The API's limit on ids per call. */
export const SELECTED_MAX = 1_000;

export const NOTHING_SELECTED: Selection = { ids: new Set(), anchor: null, isAll: false };

export function selection(state: Selection, action: SelectionAction): Selection {
  switch (action.type) {
    case "toggle":
      return toggled(state, action.id);
    case "range":
      return ranged(state, action.id, action.order);
    case "shown":
      return { ids: new Set(action.order.slice(0, SELECTED_MAX)), anchor: null, isAll: false };
    case "all":
      return { ...NOTHING_SELECTED, isAll: true };
    case "none":
      return NOTHING_SELECTED;
  }
}

function toggled({ ids, isAll }: Selection, id: string): Selection {
  const next = new Set(isAll ? [] : ids);
  if (!next.delete(id) && next.size < SELECTED_MAX) next.add(id);
  return { ids: next, anchor: id, isAll: false };
}

function ranged(state: Selection, id: string, order: readonly string[]): Selection {
  const from = state.anchor === null ? -1 : order.indexOf(state.anchor);
  const to = order.indexOf(id);
  if (from < 0 || to < 0) return toggled(state, id);
  const between = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  const ids = new Set([...state.ids, ...between].slice(0, SELECTED_MAX));
  return { ids, anchor: id, isAll: false };
}
