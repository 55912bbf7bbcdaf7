/** Whether only OpenSend creates events of this type, such as `integration.paused` or `opensend.alert.backlog`. */
export function isOperationalType(type: string): boolean {
  return /^(?:integration|opensend)(?:\.|$)/.test(type);
}

/**
 * Whether a connection with these patterns wants a type: `*` for all, an exact type, or a prefix such as `order.*`,
 * which covers `order.paid` and `order.paid.late` but neither `order` nor `orders.x`. `*` does not cover OpenSend's own
 * `integration.*` events: a failing connection would otherwise be sent events about its own failures, and fail on them
 * too. Subscribe to them by exact type or as `integration.*`.
 */
export function createEventFilter(patterns: readonly string[]): (type: string) => boolean {
  const exact = new Set(patterns.filter((pattern) => !pattern.endsWith("*")));
  const prefixes = patterns
    .filter((pattern) => pattern.endsWith(".*"))
    .map((pattern) => pattern.slice(0, -1));
  const wantsAll = patterns.includes("*");
  return (type) =>
    (wantsAll && !isOperationalType(type)) ||
    exact.has(type) ||
    prefixes.some((prefix) => type.startsWith(prefix));
}

/** Whether a connection with these patterns wants any of the types that `asked`, a pattern or a type, covers. */
export function receivesSome(patterns: readonly string[], asked: string): boolean {
  if (asked === "*") return true;
  const wants = createEventFilter(patterns);
  if (!asked.endsWith(".*")) return wants(asked);
  const prefix = asked.slice(0, -1);
  return wants(`${prefix}x`) || patterns.some((pattern) => pattern.startsWith(prefix));
}

/**
 * Whether a connection with these patterns wants one of OpenSend's own events: only by exact type or as
 * `integration.*`. Neither `*` nor `delivery.*` selects `delivery.failed`: an application can have deliveries too.
 */
export function createSystemEventFilter(patterns: readonly string[]): (type: string) => boolean {
  const exact = new Set(patterns);
  return (type) => exact.has(type) || (type.startsWith("integration.") && exact.has("integration.*"));
}
