import { isUuid } from "../../../src/domain/id.ts";
import type { ApiKey } from "../api/types.ts";
import type { PickerOption } from "../filters/picker.tsx";

const OPTIONS_MAX = 50;

/**
 * Keys whose name contains the text, and the text itself if it is an ID. Keys that replaced one another are one option:
 * their connections belong to the first key.
 */
export function keyOptions(keys: readonly ApiKey[], typed: string): PickerOption[] {
  const text = typed.trim();
  const needle = text.toLowerCase();
  const options = new Map<string, PickerOption>();
  for (const key of keys) {
    const value = key.replaces ?? key.id;
    if (key.access === "sending_access" || options.has(value)) continue;
    options.set(value, { value, label: key.name, note: `${key.prefix}…${key.last_four}` });
  }
  const found = keys.find(({ id }) => id === needle);
  const ofText = isUuid(needle) ? (found?.replaces ?? needle) : null;
  const matching = [...options.values()].filter(
    ({ value, label }) => value === ofText || label.toLowerCase().includes(needle),
  );
  const own = ofText !== null && matching.length === 0 ? [{ value: ofText, label: ofText }] : [];
  return [...own, ...matching].slice(0, OPTIONS_MAX);
}
