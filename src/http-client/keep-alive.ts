/**
 * How long an idle connection is kept if the receiver does not say. Many receivers close theirs after 5 s (Node) or
 * later.
 */
const IDLE_TIMEOUT_MS = 4_000;
const IDLE_TIMEOUT_MAX_MS = 60_000;
/** We close first, so that no request crosses the receiver's close. */
const MARGIN_MS = 1_000;

/** How long a connection can be idle, by the receiver's Keep-Alive header; 0 if it cannot be reused. */
export function keepAliveTimeoutMs(header: string | undefined): number {
  const seconds = /(?:^|[,;\s])timeout\s*=\s*"?(\d+)/i.exec(header ?? "")?.[1];
  if (seconds === undefined) return IDLE_TIMEOUT_MS;
  return Math.min(Math.max(0, Number(seconds) * 1000 - MARGIN_MS), IDLE_TIMEOUT_MAX_MS);
}
