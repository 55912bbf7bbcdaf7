import type { ReceivedResponse } from "../outcome.ts";

/** Bad Gateway and Gateway Timeout (RFC 9110, 15.6.3 and 15.6.5), and what Cloudflare adds to them: never the app's own. */
const FROM_PROXY = new Set([502, 504, 520, 521, 522, 523, 524, 525, 526, 527, 530]);
/** The proxy reached the app, and waited for it. */
const WAITED = new Set([504, 524]);
const SERVICE_UNAVAILABLE = 503;
/** How proxies and platforms word a 503 of their own: Envoy, HAProxy, nginx, Apache, Heroku, Railway, IIS, load balancers. */
const PROXY_WORDS =
  /upstream|no healthy|no server is available|<center>(?:nginx|openresty)|503 service temporarily unavailable|temporarily unable to service|application error|application failed to respond|backend fetch failed|http error 503\. the service is unavailable/i;

/** `reached`: the proxy waited for the app in vain. `unknown`: a 503 that may be the app's own. Null for other statuses. */
export type BehindProxy = "unreached" | "reached" | "unknown";

/** Whether a proxy in front of the receiver answered in its place. */
export function behindProxy({ status, body }: Pick<ReceivedResponse, "status" | "body">): BehindProxy | null {
  if (WAITED.has(status)) return "reached";
  if (FROM_PROXY.has(status)) return "unreached";
  if (status !== SERVICE_UNAVAILABLE) return null;
  return PROXY_WORDS.test(body) ? "unreached" : "unknown";
}
