let token: string | null = null;

/**
 * Takes an invitation's token out of the address bar before anything else runs, so that it stays neither in the history
 * nor on a shared screen. It is kept in memory until it is used up.
 */
export function takeInvitationToken(): void {
  if (location.pathname !== "/invite" || location.hash === "") return;
  token = location.hash.slice(1);
  history.replaceState(history.state, "", "/invite");
}

export function invitationToken(): string | null {
  return token;
}

export function forgetInvitationToken(): void {
  token = null;
}
