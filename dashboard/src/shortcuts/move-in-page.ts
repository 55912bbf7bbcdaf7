/**
 * Moves to the next or previous row of the page's lists, from the focused or open row. If a panel is open beside the
 * list, `open` gets the link of the row next to the one in the URL, which is already that of a pending navigation, so
 * that fast key presses are not lost.
 */
export function moveToRow(step: 1 | -1, open: (href: string) => void): void {
  const rows = listRows();
  const opened = rows.findIndex(
    (row) => row instanceof HTMLAnchorElement && row.pathname === location.pathname,
  );
  if (opened >= 0 && document.querySelector("main [data-panel]") !== null) {
    const href = rows[opened + step]?.getAttribute("href");
    if (href) open(href);
    return;
  }
  const focused = rows.findIndex((row) => row.contains(document.activeElement));
  const current = focused >= 0 ? focused : rows.findIndex((row) => row.ariaCurrent === "page");
  rows[Math.min(Math.max(current + step, 0), rows.length - 1)]?.focus();
}

/** Selects or deselects the focused row, or the open one. */
export function selectRow(): void {
  const row = focusedRow() ?? listRows().find((one) => one.ariaCurrent === "page");
  row?.closest("li, tr")?.querySelector<HTMLElement>("[data-select]")?.click();
}

function listRows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("main [data-row]")];
}

function focusedRow(): HTMLElement | null {
  const place = document.activeElement?.closest("li, tr");
  return (
    listRows().find((row) => row.contains(document.activeElement) || row.closest("li, tr") === place) ?? null
  );
}

/** Focuses the list's filter, preferably a text field. */
export function focusFilter(): void {
  const filter = document.querySelector("main search");
  const field = filter?.querySelector<HTMLElement>("input") ?? filter?.querySelector<HTMLElement>("select");
  field?.focus();
}

/** Clicks the control with this shortcut, and focuses it, so that its activation can be seen and heard. */
export function pressControl(key: string): void {
  const control = document.querySelector<HTMLElement>(`main [aria-keyshortcuts="${key}"]`);
  control?.focus();
  control?.click();
}
