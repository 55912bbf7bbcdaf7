let token: string | null = null;

/**
 * Removes a password reset token from the address bar before anything else runs, so that it remains neither in the
 * history nor on a shared screen. The token is kept in memory until it is used.
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
