import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";
import { ListContainer, type ListWidth } from "./list-container.tsx";

type TableProps = {
  caption: string;
  /** Names, each with an optional width class for columns that their contents do not size well. */
  columns: readonly (string | readonly [name: string, width: string])[];
  /** Whether each row ends with an `ActionCell`. */
  hasActions?: boolean;
  needs: ListWidth;
  children: ReactNode;
};

/**
 * A table when its columns fit, otherwise cards with labeled values: one value per line on phones, several side by side
 * on wider screens.
 */
export function Table({ caption, columns, hasActions = false, needs, children }: TableProps) {
  return (
    <ListContainer needs={needs}>
      <table className="block w-full rounded-card border border-line bg-surface text-left text-table row:table row:border-separate row:border-spacing-0">
        <caption className="sr-only">{caption}</caption>
        <thead className="sr-only row:not-sr-only row:table-header-group">
          <tr className="text-badge text-muted">
            {columns.map((column) => {
              const [name, width] = typeof column === "string" ? [column] : column;
              return (
                <th
                  key={name}
                  scope="col"
                  className={classNames("border-b border-line px-3 py-2 font-normal", width)}
                >
                  {name}
                </th>
              );
            })}
            {hasActions && (
              <th scope="col" className="border-b border-line px-3 py-2 font-normal">
                <span className="sr-only">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody className="block row:table-row-group">{children}</tbody>
      </table>
    </ListContainer>
  );
}

export function TableRow({ children }: { children: ReactNode }) {
  return (
    <tr
      tabIndex={-1}
      data-row
      className="group relative block border-b border-line p-4 last:border-0 @lg:grid @lg:grid-cols-[repeat(auto-fill,minmax(7rem,1fr))] @lg:gap-x-6 @lg:gap-y-2 row:table-row row:p-0"
    >
      {children}
    </tr>
  );
}

/** Cards repeat the column's name as a label. A cell without a label is the card's title. */
export function TableCell({ label, children }: { label?: string; children: ReactNode }) {
  return (
    <td
      className={classNames(
        "flex items-center justify-between gap-4 py-1 @lg:flex-col @lg:items-start @lg:justify-start @lg:gap-0 row:table-cell row:border-b row:border-line row:px-3 row:py-2 row:group-last:border-0",
        label === undefined && "@lg:col-span-full @lg:pr-32 row:pr-3",
      )}
    >
      {label && <span className="shrink-0 text-muted @lg:text-badge row:hidden">{label} </span>}
      <div className={label ? "min-w-0 text-right @lg:text-left" : "min-w-0"}>{children}</div>
    </td>
  );
}

export function ActionCell({ children }: { children: ReactNode }) {
  return (
    <td className="block pt-2 @lg:absolute @lg:top-2 @lg:right-4 row:static row:table-cell row:border-b row:border-line row:px-3 row:py-1 row:text-right row:group-last:border-0">
      {children}
    </td>
  );
}
