import { createContext, useContext } from "react";

/** The deliveries before and after the open one in list order; undefined at the ends. */
export type Neighbors = { readonly previousId: string | undefined; readonly nextId: string | undefined };

const NONE: Neighbors = { previousId: undefined, nextId: undefined };

export const NeighborsContext = createContext<Neighbors | null>(null);

/** Null when the delivery is open without a list beside it. */
export function useNeighbors(): Neighbors | null {
  return useContext(NeighborsContext);
}

export function neighborsOf(rows: readonly { readonly id: string }[], openId: string | undefined): Neighbors {
  const at = openId === undefined ? -1 : rows.findIndex(({ id }) => id === openId);
  return at < 0 ? NONE : { previousId: rows[at - 1]?.id, nextId: rows[at + 1]?.id };
}
