let token: string | null = null;

/**
 * Removes an invitation's token from the address bar before anything else runs, so that it remains neither in the
 * history nor on a shared screen. The token is kept in memory until it is used.
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
