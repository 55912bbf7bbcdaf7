import { METADATA_PAIRS_MAX } from "../../../src/domain/connection-labels.ts";
import type { PickerOption } from "../filters/picker.tsx";
import { type Metadata, metadataText, readMetadata } from "./settings/metadata-text.ts";

const OPTIONS_MAX = 50;

/** The pairs that an address names, one `name=value` each, as far as they are pairs; a name once, with its last value. */
export function readPairs(value: unknown): readonly string[] {
  const texts = (Array.isArray(value) ? value : [value]).filter((text) => typeof text === "string");
  return pairTexts(Object.assign({}, ...texts.map(readPair)));
}

/** As the API takes them. */
export function pairsOf(texts: readonly string[]): Metadata {
  return Object.assign({}, ...texts.map(readPair));
}

/** What may be chosen for a text: pairs of the connections listed, and the text itself, since the list is a page of all. */
export function metadataOptions(listed: readonly { metadata: Metadata }[], typed: string): PickerOption[] {
  const needle = typed.trim().toLowerCase();
  const texts = new Set(listed.flatMap(({ metadata }) => Object.entries(metadata).map(pairText)));
  const matching = [...texts].filter((text) => text.toLowerCase().includes(needle)).sort();
  const own = readPairs(typed.trimStart());
  const all = [...own, ...matching.filter((text) => !own.includes(text))];
  return all.slice(0, OPTIONS_MAX).map((text) => ({ value: text, label: text }));
}

/** The pair of a text; no pair when it is none. */
function readPair(text: string): Metadata {
  const read = readMetadata(text);
  if ("problem" in read || Object.keys(read.pairs).length !== 1) return {};
  return read.pairs;
}

function pairTexts(pairs: Metadata): readonly string[] {
  return Object.entries(pairs).slice(0, METADATA_PAIRS_MAX).map(pairText);
}

function pairText([name, value]: readonly [name: string, value: string]): string {
  return metadataText({ [name]: value });
}
