import { useCallback, useLayoutEffect, useReducer, useRef, useState } from "react";
import type { Delivery } from "../../api/types.ts";
import { NOTHING_SELECTED, type Selection, selection } from "./selection.ts";

export type ListSelection = {
  readonly state: Selection;
  /** Stable, so that unchanged rows do not render again. */
  readonly select: (id: string, isRange: boolean) => void;
  readonly selectShown: () => void;
  readonly selectAll: () => void;
  readonly clear: () => void;
};

/** The selection among the rows of one filter; another filter starts with none. */
export function useSelection(rows: readonly Delivery[], filterKey: string): ListSelection {
  const [state, dispatch] = useReducer(selection, NOTHING_SELECTED);
  const [shownFor, setShownFor] = useState(filterKey);
  if (shownFor !== filterKey) {
    setShownFor(filterKey);
    dispatch({ type: "none" });
  }
  const latest = useRef(rows);
  useLayoutEffect(() => {
    latest.current = rows;
  }, [rows]);
  const orderNow = () => latest.current.map(({ id }) => id);
  const select = useCallback((id: string, isRange: boolean) => {
    const order = latest.current.map((row) => row.id);
    dispatch(isRange ? { type: "range", id, order } : { type: "toggle", id });
  }, []);
  const areAll = state.ids.size > 0 && rows.every(({ id }) => state.ids.has(id));
  return {
    state,
    select,
    selectShown: () =>
      dispatch(areAll || state.isAll ? { type: "none" } : { type: "shown", order: orderNow() }),
    selectAll: () => dispatch({ type: "all" }),
    clear: () => dispatch({ type: "none" }),
  };
}
