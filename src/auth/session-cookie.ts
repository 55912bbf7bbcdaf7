/** Browsers share cookies between the ports of a host, so two instances on one machine need names of their own. */
export function cookiePrefix(publicUrl: string): string {
  const { port } = new URL(publicUrl);
  return port === "" ? "opensend" : `opensend_${port}`;
}

/** Browsers take a cookie with the prefix `__Secure-` over HTTPS only (RFC 6265bis, 4.1.3.1). */
export function hasSecureCookies(publicUrl: string): boolean {
  return publicUrl.startsWith("https:");
}

/** The cookie of the session, as Better Auth composes its name. */
export function sessionCookieName(publicUrl: string): string {
  const secure = hasSecureCookies(publicUrl) ? "__Secure-" : "";
  return `${secure}${cookiePrefix(publicUrl)}.session_token`;
}
