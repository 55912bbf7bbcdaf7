let token: string | null = null;

/**
 * Removes the setup token from the address bar before anything else runs, so that it remains neither in the history nor
 * on a shared screen. The token is kept in memory until the form is sent.
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
