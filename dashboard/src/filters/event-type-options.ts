import { EVENT_TYPE_LENGTH_MAX, EVENT_TYPE_PATTERN } from "../../../src/domain/event-type-pattern.ts";
import type { PickerOption } from "./picker.tsx";

/** An event type that the server has seen. */
export type SeenType = { readonly type: string; readonly events: number };

const OPTIONS_MAX = 50;

/**
 * The options for a typed text: types seen, patterns that match several of them (`order.*`), and the text itself,
 * because a type can be new, or older than the retained events.
 */
export function eventTypeOptions(
  seen: readonly SeenType[],
  typed: string,
  counts?: ReadonlyMap<string, number>,
): PickerOption[] {
  const text = typed.trim();
  const needle = text.toLowerCase().replace(/\.?\*$/, "");
  const known = [
    ...patternsOf(seen),
    ...seen.map(({ type }): PickerOption => ({ value: type, label: type, count: counts?.get(type) })),
  ];
  const matching = known.filter(({ value }) => value.toLowerCase().includes(needle));
  const exact = matching.filter(({ value }) => value === text);
  const others = matching.filter(({ value }) => value !== text);
  const own = exact.length === 0 && isEventTypePattern(text) ? [ownOption(text)] : [];
  // A typed wildcard comes first, whatever else matches.
  const isPattern = text.endsWith("*");
  const ordered = isPattern ? [...exact, ...own, ...others] : [...exact, ...others, ...own];
  if (ordered.length <= OPTIONS_MAX) return ordered;
  return isPattern ? ordered.slice(0, OPTIONS_MAX) : [...ordered.slice(0, OPTIONS_MAX - own.length), ...own];
}

export function isEventTypePattern(text: string): boolean {
  return text.length <= EVENT_TYPE_LENGTH_MAX && EVENT_TYPE_PATTERN.test(text);
}

function ownOption(text: string): PickerOption {
  const note = text.endsWith("*") ? "All types that match this pattern" : "This type exactly";
  return { value: text, label: text, note };
}

/** `order.*` when at least two of the types have this prefix. */
function patternsOf(seen: readonly SeenType[]): PickerOption[] {
  const types = new Map<string, number>();
  for (const { type } of seen) {
    const end = type.indexOf(".");
    if (end > 0) types.set(type.slice(0, end), (types.get(type.slice(0, end)) ?? 0) + 1);
  }
  return [...types]
    .filter(([, count]) => count > 1)
    .map(([prefix, count]) => ({ value: `${prefix}.*`, label: `${prefix}.*`, note: `${count} types seen` }));
}
