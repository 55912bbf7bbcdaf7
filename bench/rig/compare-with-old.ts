import type { Cell, Row } from "./table.ts";

/** For each row that both programs have, the new program's values divided by the old one's. */
export function compareWithOld(rows: readonly Row[]): Row[] {
  const old = new Map(rows.filter(({ program }) => program === "old").map((row) => [caseOf(row), row]));
  return rows.flatMap((row) => {
    const before = row["program"] === "old" ? undefined : old.get(caseOf(row));
    if (before === undefined) return [];
    const cells = Object.entries(row).filter(([name]) => name !== "program");
    return [Object.fromEntries(cells.map(([name, cell]) => [name, ratio(name, cell, before[name] ?? null)]))];
  });
}

/** The columns that identify a case; all other columns are measured. */
const CASE = ["database", "workers", "connections", "posts", "clients", "since", "rate"];

function caseOf(row: Row): string {
  return CASE.map((name) => row[name] ?? "").join(" ");
}

function ratio(name: string, cell: Cell, before: Cell): Cell {
  if (CASE.includes(name) || typeof cell !== "number") return cell;
  return typeof before === "number" && before !== 0 ? cell / before : null;
}
