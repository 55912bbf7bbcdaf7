export type Cell = string | number | null;
export type Row = Readonly<Record<string, Cell>>;

/** The result of one item: a row per case for people, and every round for machines. */
export type Item = {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly rounds: readonly unknown[];
};

/** A plain-text table; numbers are right-aligned with three significant digits. */
export function formatTable({ title, rows }: Pick<Item, "title" | "rows">): string {
  const names = Object.keys(rows[0] ?? {});
  const lines = [names, ...rows.map((row) => names.map((name) => formatCell(row[name] ?? null)))];
  const widths = names.map((_name, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const isText = names.map((name) => rows.some((row) => typeof row[name] === "string"));
  const text = lines.map((line) =>
    line
      .map((cell, column) =>
        isText[column] === true ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [title, "", text[0], rule, ...text.slice(1), ""].join("\n");
}

function formatCell(cell: Cell): string {
  if (cell === null) return "–";
  if (typeof cell === "string") return cell;
  if (Number.isInteger(cell)) return String(cell);
  if (Math.abs(cell) >= 100) return cell.toFixed(0);
  return cell.toFixed(Math.abs(cell) >= 10 ? 1 : 2);
}
