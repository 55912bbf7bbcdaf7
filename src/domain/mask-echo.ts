import type { Credentials } from "./connection.ts";
import { CREDENTIAL_LENGTH_MIN, credentialSpellings, shortSpellings } from "./credential-spellings.ts";
import { type DecodedText, decodedLayers } from "./decode-escapes.ts";
import { foldCase } from "./fold-case.ts";
import type { ReceivedResponse } from "./outcome.ts";
import { createShortEchoes, type EchoPlace, type Span } from "./short-echoes.ts";

const MASK = "[redacted]";

/** Headers of HTTP itself, whose values are read later and are no echoes. */
const OWN_NAME =
  /^(?:age|allow|connection|content-(?:encoding|language|length|type)|date|keep-alive|retry-after|transfer-encoding|vary)$/i;

/**
 * Masks the credentials in a text. `truncated` says that the text's end is missing, perhaps in the middle of a credential;
 * `place` says that the text is a whole value, which a short credential can be.
 */
export type MaskEcho = (text: string, truncated?: boolean, place?: EchoPlace) => string;

/**
 * Receivers echo what they were sent: many 404 pages print the path, debugging tools print everything. A stored
 * response must not reveal the connection's credentials, so every part of them that could serve as a credential is
 * masked. The text is compared as it is and with escapes decoded, in any order and through all layers, ignoring case.
 * Matches are masked at their position in the original.
 */
export function createEchoMask(credentials: Credentials): MaskEcho {
  const needles = [...credentialSpellings(credentials)];
  // Every other needle contains one of these, so a text without them contains no credential.
  const shortest = needles
    .filter((one) => !needles.some((other) => other !== one && one.includes(other)))
    .sort((a, b) => a.length - b.length);
  const shortEchoes = createShortEchoes(shortSpellings(credentials));
  const spansIn = (text: string) =>
    hasAny(text, shortest) ? needles.flatMap((needle) => occurrences(text, needle)) : [];
  return (text, truncated = false, place = undefined) => {
    const spans = decodedLayers(text).flatMap((layer) => {
      const folded = foldCase(layer.text);
      const short = place === undefined ? [] : shortEchoes(folded, place, truncated);
      return [...spansIn(folded), ...short].map((span) => inOriginal(layer, span));
    });
    const truncatedSpans = (truncated ? decodedLayers(text, true) : []).flatMap((layer) =>
      truncatedStarts(foldCase(layer.text), needles).map(
        (start): Span => [origin(layer, start), text.length],
      ),
    );
    return spans.length + truncatedSpans.length === 0
      ? text
      : replaceSpans(text, [...spans, ...truncatedSpans]);
  };
}

/** A response with the credentials masked in status text, header names and values, and body. */
export function maskResponse(response: ReceivedResponse, mask: MaskEcho): ReceivedResponse {
  return {
    ...response,
    statusText: mask(response.statusText, false, "header"),
    headers: maskHeaders(response.headers, mask),
    body: mask(response.body, response.truncated, "body"),
  };
}

/** Names that are equal once masked share one entry, as repeated headers do (RFC 9110, 5.3). */
function maskHeaders(headers: ReceivedResponse["headers"], mask: MaskEcho): Record<string, string> {
  const masked = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    const shownName = mask(name);
    const shown = mask(value, false, OWN_NAME.test(name) ? undefined : "header");
    const before = masked.get(shownName);
    masked.set(shownName, before === undefined ? shown : `${before}, ${shown}`);
  }
  return Object.fromEntries(masked);
}

function inOriginal(layer: DecodedText, [start, end]: Span): Span {
  return [origin(layer, start), origin(layer, end)];
}

function origin({ starts }: DecodedText, index: number): number {
  return starts === null ? index : (starts[index] ?? 0);
}

/** @param needles The shortest first. Most texts, such as a header, are shorter than most needles. */
function hasAny(text: string, needles: readonly string[]): boolean {
  for (const needle of needles) {
    if (needle.length > text.length) return false;
    if (text.includes(needle)) return true;
  }
  return false;
}

/** The occurrences of a needle, with overlapping ones merged into fewer spans. */
function occurrences(text: string, needle: string): Span[] {
  const spans: Span[] = [];
  for (let start = text.indexOf(needle); start !== -1; ) {
    const end = start + needle.length;
    spans.push([start, end]);
    const overlapping = text.lastIndexOf(needle, end);
    start = overlapping > start ? overlapping : text.indexOf(needle, end);
  }
  return spans;
}

/** The starts of credentials that the end of the text cuts off. */
function truncatedStarts(text: string, needles: readonly string[]): number[] {
  return needles.flatMap((needle) => {
    const prefix = needle.slice(0, CREDENTIAL_LENGTH_MIN);
    let start = text.indexOf(prefix, Math.max(0, text.length - needle.length));
    while (start !== -1 && !needle.startsWith(text.slice(start))) start = text.indexOf(prefix, start + 1);
    return start === -1 ? [] : [start];
  });
}

/** Replaces each group of overlapping spans by one mask, so that nothing shows between them. */
function replaceSpans(text: string, spans: readonly Span[]): string {
  let masked = "";
  let end = 0;
  for (const [start, spanEnd] of [...spans].sort(([a], [b]) => a - b)) {
    if (start >= end) masked += text.slice(end, start) + MASK;
    end = Math.max(end, spanEnd);
  }
  return masked + text.slice(end);
}
