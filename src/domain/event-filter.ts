import type { ConnectionStatus } from "./connection.ts";

/** Whether only OpenSend makes events of this type, such as `integration.paused` or `opensend.alert.backlog`. */
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

/**
 * Whether a connection with these patterns wants one of OpenSend's own events: only where it is named, as it is or as
 * `integration.*`. Neither `*` nor `delivery.*` asks for `delivery.failed`: an application may have deliveries too.
 */
export function createSystemEventFilter(patterns: readonly string[]): (type: string) => boolean {
  const exact = new Set(patterns);
  return (type) => exact.has(type) || (type.startsWith("integration.") && exact.has("integration.*"));
}

const PATTERNS_NAMED_MAX = 5;

/**
 * One sentence on why a connection with these patterns, in this status when the event came, was not owed an event of
 * this type; null when nothing here kept it from it. Paused connections are owed events, so pausing is no reason.
 */
export function explainNoMatch(
  type: string,
  patterns: readonly string[],
  status: ConnectionStatus,
): string | null {
  if (status === "disconnected")
    return "The connection was disconnected, and receives nothing until it has a URL again.";
  if (createEventFilter(patterns)(type)) return null;
  if (patterns.includes("*")) {
    return `\`*\` leaves out OpenSend's own events: name \`${type}\` or \`integration.*\` to receive this one.`;
  }
  const named = patterns.slice(0, PATTERNS_NAMED_MAX).map((pattern) => `\`${pattern}\``);
  const more = patterns.length - named.length;
  const list = `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  return `\`${type}\` is not among the event types of the connection: ${list}.`;
}
