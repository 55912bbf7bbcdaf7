import type { ReceivedResponse } from "../outcome.ts";

/**
 * Bad Gateway and Gateway Timeout (RFC 9110, 15.6.3 and 15.6.5), and Cloudflare's additions: an app never sends them
 * itself.
 */
const FROM_PROXY = new Set([502, 504, 520, 521, 522, 523, 524, 525, 526, 527, 530]);
/** The proxy reached the app and timed out waiting for it. */
const WAITED = new Set([504, 524]);
const SERVICE_UNAVAILABLE = 503;
/**
 * Phrases in the 503 pages of proxies and platforms: Envoy, HAProxy, nginx, Apache, Heroku, Railway, IIS, load
 * balancers.
 */
const PROXY_WORDS =
  /upstream|no healthy|no server is available|<center>(?:nginx|openresty)|503 service temporarily unavailable|temporarily unable to service|application error|application failed to respond|backend fetch failed|http error 503\. the service is unavailable/i;

/**
 * `unreached`: the proxy could not reach the app. `reached`: the app did not respond to the proxy in time. `unknown`: a
 * 503 that may be the app's own.
 */
export type BehindProxy = "unreached" | "reached" | "unknown";

/** Whether a proxy responded in place of the receiver; null for statuses that do not come from proxies. */
export function behindProxy({ status, body }: Pick<ReceivedResponse, "status" | "body">): BehindProxy | null {
  if (WAITED.has(status)) return "reached";
  if (FROM_PROXY.has(status)) return "unreached";
  if (status !== SERVICE_UNAVAILABLE) return null;
  return PROXY_WORDS.test(body) ? "unreached" : "unknown";
}
