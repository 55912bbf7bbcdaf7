let token: string | null = null;

/**
 * Takes the setup token out of the address bar before anything else runs, so that it stays neither in the history
 * nor on a shared screen. It is kept in memory until the form is sent.
 */
export function takeSetupToken(): void {
  if (location.pathname !== "/setup") return;
  token = new URLSearchParams(location.search).get("token");
  if (location.search !== "") history.replaceState(history.state, "", "/setup");
}

export function setupToken(): string | null {
  return token;
}

export function forgetSetupToken(): void {
  token = null;
}
