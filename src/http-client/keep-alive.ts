/** How long an unused connection is kept where the receiver does not say. Many close theirs after 5 s (Node) or later. */
const IDLE_TIMEOUT_MS = 4_000;
const IDLE_TIMEOUT_MAX_MS = 60_000;
/** Ours closes first, so that no request meets the receiver's close on its way. */
const MARGIN_MS = 1_000;

/** How long a connection may be idle, by the receiver's Keep-Alive header; 0 when it may serve no other request. */
export function keepAliveTimeoutMs(header: string | undefined): number {
  const seconds = /(?:^|[,;\s])timeout\s*=\s*"?(\d+)/i.exec(header ?? "")?.[1];
  if (seconds === undefined) return IDLE_TIMEOUT_MS;
  return Math.min(Math.max(0, Number(seconds) * 1000 - MARGIN_MS), IDLE_TIMEOUT_MAX_MS);
}
