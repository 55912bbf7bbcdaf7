import { EVENT_TYPE_LENGTH_MAX, EVENT_TYPE_PATTERN } from "../../../src/domain/event-type-pattern.ts";

/** Event types as a person writes them: one per line, or separated by commas or spaces. */
export function patternsOf(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((pattern) => pattern !== ""))];
}

/** Why the text is not a valid list of event types, or null. */
export function problemOfPatterns(text: string): string | null {
  const patterns = patternsOf(text);
  if (patterns.length === 0) return "Enter at least one event type.";
  const wrong = patterns.find(
    (pattern) => pattern.length > EVENT_TYPE_LENGTH_MAX || !EVENT_TYPE_PATTERN.test(pattern),
  );
  return wrong === undefined
    ? null
    : `“${wrong}” is not an event type. Write order.paid, or order.* for every type that starts with order.`;
}
