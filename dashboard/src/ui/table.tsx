import type { ReactNode } from "react";
import { ListRoom, type RoomNeeded } from "./list-room.tsx";

type TableProps = {
  caption: string;
  columns: readonly string[];
  /** Whether each row ends with an `ActionCell`. */
  hasActions?: boolean;
  needs: RoomNeeded;
  children: ReactNode;
};

/** A table where its columns have room, cards with labelled values before. */
export function Table({ caption, columns, hasActions = false, needs, children }: TableProps) {
  return (
    <ListRoom needs={needs}>
      <table className="block w-full rounded-card border border-line bg-surface text-left text-table row:table row:border-separate row:border-spacing-0">
        <caption className="sr-only">{caption}</caption>
        <thead className="sr-only row:not-sr-only row:table-header-group">
          <tr className="text-badge text-muted">
            {columns.map((column) => (
              <th key={column} scope="col" className="border-b border-line px-3 py-2 font-normal">
                {column}
              </th>
            ))}
            {hasActions && (
              <th scope="col" className="border-b border-line px-3 py-2 font-normal">
                <span className="sr-only">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody className="block row:table-row-group">{children}</tbody>
      </table>
    </ListRoom>
  );
}

export function TableRow({ children }: { children: ReactNode }) {
  return (
    <tr
      tabIndex={-1}
      data-row
      className="group block border-b border-line p-4 last:border-0 row:table-row row:p-0"
    >
      {children}
    </tr>
  );
}

/** Cards repeat the column's name as the label; without one, the value stands on its own as the card's title. */
export function TableCell({ label, children }: { label?: string; children: ReactNode }) {
  return (
    <td className="flex items-center justify-between gap-4 py-1 row:table-cell row:border-b row:border-line row:px-3 row:py-2 row:group-last:border-0">
      {label && <span className="shrink-0 text-muted row:hidden">{label}</span>}
      <div className={label ? "min-w-0 text-right row:text-left" : "min-w-0"}>{children}</div>
    </td>
  );
}

export function ActionCell({ children }: { children: ReactNode }) {
  return (
    <td className="block pt-2 row:table-cell row:border-b row:border-line row:px-3 row:py-1 row:text-right row:group-last:border-0">
      {children}
    </td>
  );
}
