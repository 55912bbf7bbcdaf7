import { isApiRequest } from "./api-or-page.ts";
import type { ApiServer } from "./api-server.ts";

const HSTS_MAX_AGE_S = 180 * 24 * 60 * 60;

/** For every response. Anything but a page may load nothing; pages set their own policy (`send-page.ts`). */
const HEADERS = {
  "content-security-policy": "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-dns-prefetch-control": "off",
  "x-download-options": "noopen",
  "x-frame-options": "SAMEORIGIN",
  "x-permitted-cross-domain-policies": "none",
} as const;

/** Sets the headers of every response: the request's id, and the browser security headers. */
export function registerSecureHeaders(app: ApiServer, publicUrl: string): void {
  const always = publicUrl.startsWith("https:")
    ? { ...HEADERS, "strict-transport-security": `max-age=${HSTS_MAX_AGE_S}` }
    : HEADERS;
  const ofApi = { ...always, "cache-control": "no-store" };
  app.addHook("onRequest", (request, reply, done) => {
    reply.header("x-request-id", request.id);
    reply.headers(isApiRequest(request) ? ofApi : always);
    done();
  });
}

/** The content security policy of a page whose scripts and styles carry this nonce. */
export function pagePolicy(nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}
