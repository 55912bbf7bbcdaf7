import { isatty } from "node:tty";
import { styleText } from "node:util";
import { print, STANDARD_OUTPUT } from "../print.ts";
import { printable } from "../printable.ts";

export const JSON_OPTION = ["--json", "print JSON, one object per line"] as const;

const STYLES: Readonly<Record<string, "green" | "red" | "yellow">> = {
  ok: "green",
  delivered: "green",
  completed: "green",
  failed: "red",
  failing: "red",
  disconnected: "red",
  stopped: "red",
  pending: "yellow",
  paused: "yellow",
  held: "yellow",
};

/** @throws {LostOutputError} */
export function printJson(value: unknown): void {
  print(JSON.stringify(value));
}

/** Colors a state on terminals, unless `NO_COLOR` is set. */
export function paint(state: string): string {
  const style = STYLES[state];
  // `styleText` checks both.
  return style === undefined ? state : styleText(style, state, { stream: process.stdout });
}

/** One line of a list, with cells separated by tabs, for programs and people. */
export function row(cells: readonly (string | number | null)[]): string {
  return cells.map((cell) => printable(String(cell ?? "-")).replaceAll(/[\t\n]/g, " ")).join("\t");
}

/**
 * Prints a list: on a terminal with a header and aligned columns, otherwise without a header and with tabs, for `cut`
 * and `awk`.
 *
 * @param states Index of the column to color on terminals.
 * @throws {LostOutputError}
 */
export function printTable(
  header: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
  states = -1,
): void {
  const lines = rows.map((cells) => row(cells).split("\t"));
  if (!isatty(STANDARD_OUTPUT)) {
    if (lines.length > 0) print(lines.map((cells) => cells.join("\t")).join("\n"));
    return;
  }
  const widths = header.map((title, column) =>
    Math.max(title.length, ...lines.map((cells) => cells[column]?.length ?? 0)),
  );
  const align = (cells: readonly string[], draw: (text: string) => string) =>
    cells
      .map((cell, column) => {
        const padding = " ".repeat(Math.max(0, (widths[column] ?? 0) - cell.length));
        return `${column === states ? draw(cell) : cell}${column === cells.length - 1 ? "" : padding}`;
      })
      .join("  ");
  print([align(header, String), ...lines.map((cells) => align(cells, paint))].join("\n"));
}
