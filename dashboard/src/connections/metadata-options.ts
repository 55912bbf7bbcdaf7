import type { Connection } from "../api/types.ts";
import type { PickerOption } from "../filters/picker.tsx";
import { readPairs } from "./metadata-filter.ts";

const OPTIONS_MAX = 50;

export type WithMetadata = Pick<Connection, "metadata">;

/** The options for a typed text: pairs of the listed connections, and the text itself, since the list is only one page. */
export function metadataOptions(listed: readonly WithMetadata[], typed: string): PickerOption[] {
  const needle = typed.trim().toLowerCase();
  const pairs = listed.flatMap(({ metadata }) => Object.entries(metadata));
  const texts = new Set(pairs.map(([name, value]) => `${name}=${value}`));
  const matching = [...texts].filter((text) => text.toLowerCase().includes(needle)).sort();
  const own = readPairs(typed.trim());
  const all = [...own, ...matching.filter((text) => !own.includes(text))];
  return all.slice(0, OPTIONS_MAX).map((text) => ({ value: text, label: text }));
}
