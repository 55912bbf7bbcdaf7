/**
 * Browsers share cookies between the ports of a host, so two instances on one machine need names of their own. A name that
 * begins with `__Host-` is taken only with Secure, from this host alone and for all of its paths (RFC 6265bis, 4.1.3.2);
 * over plain http not every browser takes it, not even from localhost.
 */
export function cookiePrefix(publicUrl: string): string {
  const { port } = new URL(publicUrl);
  const name = port === "" ? "opensend" : `opensend_${port}`;
  return isHttps(publicUrl) ? `__Host-${name}` : name;
}

export function isHttps(publicUrl: string): boolean {
  return publicUrl.startsWith("https:");
}

/** The cookie of the session, as Better Auth composes its name. */
export function sessionCookieName(publicUrl: string): string {
  return `${cookiePrefix(publicUrl)}.session_token`;
}
