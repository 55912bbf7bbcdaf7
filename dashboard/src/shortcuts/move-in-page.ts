/** Goes to the next or the previous row of the page's lists, from the row with focus or the one that stands open. */
export function moveToRow(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>("main [data-row]")];
  const focused = rows.findIndex((row) => row.contains(document.activeElement));
  const current = focused >= 0 ? focused : rows.findIndex((row) => row.ariaCurrent === "page");
  rows[Math.min(Math.max(current + step, 0), rows.length - 1)]?.focus();
}

/** Goes to the list's filter: where one can type, if there is such a field. */
export function focusFilter(): void {
  const filter = document.querySelector("main search");
  const field = filter?.querySelector<HTMLElement>("input") ?? filter?.querySelector<HTMLElement>("select");
  field?.focus();
}

/** Presses the control that shows this key. It takes focus, so that one sees and hears what was pressed. */
export function pressControl(key: string): void {
  const control = document.querySelector<HTMLElement>(`main [aria-keyshortcuts="${key}"]`);
  control?.focus();
  control?.click();
}
