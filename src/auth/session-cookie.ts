/**
 * Browsers share cookies between the ports of a host, so two instances on one machine need different names. A name that
 * begins with `__Host-` is accepted only with Secure, from this host alone and for all of its paths (RFC 6265bis,
 * 4.1.3.2); over plain http some browsers reject it, even from localhost.
 */
export function cookiePrefix(publicUrl: string): string {
  const { port } = new URL(publicUrl);
  const name = port === "" ? "opensend" : `opensend_${port}`;
  return isHttps(publicUrl) ? `__Host-${name}` : name;
}

export function isHttps(publicUrl: string): boolean {
  return publicUrl.startsWith("https:");
}

/** The name of the session cookie, as Better Auth composes it. */
export function sessionCookieName(publicUrl: string): string {
  return `${cookiePrefix(publicUrl)}.session_token`;
}
