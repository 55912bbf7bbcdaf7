/** Whether only OpenSend creates events of this type, such as `integration.paused` or `opensend.alert.backlog`. */
export function isOperationalType(type: string): boolean {
  return /^(?:integration|opensend)(?:\.|$)/.test(type);
}

/**
 * Whether a connection with these patterns wants a type: `*` for all, an exact type, or a prefix such as `order.*`,
 * which covers `order.paid` and `order.paid.late` but neither `order` nor `orders.x`. OpenSend's own `integration.*`
 * events are not part of `*`: a connection that fails would otherwise be owed the news of its own failing, and fail at
 * that. They are asked for by exact type or as `integration.*`.
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

/** Whether a connection with these patterns wants some of the types that another pattern covers; or the type, if it is one. */
export function receivesSome(patterns: readonly string[], asked: string): boolean {
  if (asked === "*") return true;
  const wants = createEventFilter(patterns);
  if (!asked.endsWith(".*")) return wants(asked);
  const prefix = asked.slice(0, -1);
  return wants(`${prefix}x`) || patterns.some((pattern) => pattern.startsWith(prefix));
}

/**
 * Whether a connection with these patterns wants one of OpenSend's own events: only where it is named, as it is or as
 * `integration.*`. Neither `*` nor `delivery.*` asks for `delivery.failed`: an application may have deliveries too.
 */
export function createSystemEventFilter(patterns: readonly string[]): (type: string) => boolean {
  const exact = new Set(patterns);
  return (type) => exact.has(type) || (type.startsWith("integration.") && exact.has("integration.*"));
}
