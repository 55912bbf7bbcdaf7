import type { ReactNode } from "react";

/** A table on wide screens, cards with labelled values on phones. */
export function ListFrame({
  caption,
  columns,
  children,
}: {
  caption: string;
  columns: readonly string[];
  children: ReactNode;
}) {
  return (
    <table className="block w-full rounded-card border border-line bg-surface text-left text-table md:table md:border-separate md:border-spacing-0">
      <caption className="sr-only">{caption}</caption>
      <thead className="sr-only md:not-sr-only md:table-header-group">
        <tr className="text-badge text-muted">
          {columns.map((column) => (
            <th key={column} scope="col" className="border-b border-line px-3 py-2 font-normal">
              {column}
            </th>
          ))}
          <th scope="col" className="border-b border-line px-3 py-2 font-normal">
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody className="block md:table-row-group">{children}</tbody>
    </table>
  );
}

export function Row({ children }: { children: ReactNode }) {
  return (
    <tr
      tabIndex={-1}
      data-row
      className="group block border-b border-line p-4 last:border-0 md:table-row md:p-0"
    >
      {children}
    </tr>
  );
}

export function Cell({ label, children }: { label?: string; children: ReactNode }) {
  return (
    <td className="flex items-center justify-between gap-4 py-1 md:table-cell md:border-b md:border-line md:px-3 md:py-2 md:group-last:border-0">
      {label && <span className="shrink-0 text-muted md:hidden">{label}</span>}
      <div className={label ? "min-w-0 text-right md:text-left" : "min-w-0"}>{children}</div>
    </td>
  );
}

export function ActionCell({ children }: { children: ReactNode }) {
  return (
    <td className="block pt-2 md:table-cell md:border-b md:border-line md:px-3 md:py-1 md:text-right md:group-last:border-0">
      {children}
    </td>
  );
}
