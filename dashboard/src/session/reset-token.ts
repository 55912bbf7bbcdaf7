let token: string | null = null;

/**
 * Takes a password reset's token out of the address bar before anything else runs, so that it stays neither in the history
 * nor on a shared screen. It is kept in memory until it is used up.
 */
export function takeResetToken(): void {
  if (location.pathname !== "/reset-password" || location.hash === "") return;
  token = location.hash.slice(1);
  history.replaceState(history.state, "", "/reset-password");
}

export function resetToken(): string | null {
  return token;
}

export function forgetResetToken(): void {
  token = null;
}
