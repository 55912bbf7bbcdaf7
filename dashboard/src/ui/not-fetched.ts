/** The browsers' messages when a part of the dashboard cannot be loaded: Chromium, Firefox, Safari. */
const NOT_FETCHED =
  /fetch dynamically imported module|loading dynamically imported module|Importing a module script failed/i;

/** Whether a part of the dashboard could not be loaded, as after an upgrade of the server. */
export function isNotFetched(error: unknown): boolean {
  return error instanceof Error && NOT_FETCHED.test(error.message);
}

export const NOT_FETCHED_WORDS =
  "It could not be fetched. OpenSend may have been updated since this page was opened: reload the page.";
