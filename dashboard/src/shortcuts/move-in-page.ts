/**
 * Goes to the next or the previous row of the page's lists, from the row with focus or the one that is open. What is open
 * beside the list goes along: `open` gets the address of the row, from the one the browser is at or on its way to, so that
 * keys pressed in a row are not lost.
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

/** Takes the row with focus, or the open one, into the selection or out of it. */
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
