import type { Credentials } from "./connection.ts";
import { CREDENTIAL_LENGTH_MIN, credentialSpellings } from "./credential-spellings.ts";
import type { ReceivedResponse } from "./outcome.ts";

const MASK = "[redacted]";

/** A stretch of a text: the index it starts at and the one behind its end. */
type Span = readonly [start: number, end: number];

/** Takes the credentials out of a text. `cutOff` says that the text's end is missing, perhaps amid a credential. */
export type MaskEcho = (text: string, cutOff?: boolean) => string;

/**
 * Receivers echo what they were sent: many 404 pages print the path, debugging tools print everything. What is kept
 * of an answer must not bring the webhook URL or the signing secret back in clear, so every part of them that could
 * serve as a credential is masked.
 */
export function createEchoMask(credentials: Credentials): MaskEcho {
  const needles = [...credentialSpellings(credentials)];
  // Every other one contains one of these, so a text without them needs no closer look.
  const shortest = needles.filter((one) => !needles.some((other) => other !== one && one.includes(other)));
  return (text, cutOff = false) => {
    if (!cutOff && !shortest.some((needle) => text.includes(needle))) return text;
    const spans = needles.flatMap((needle) => occurrences(text, needle));
    return replaceSpans(text, cutOff ? [...spans, ...beginningsAtEnd(text, needles)] : spans);
  };
}

/** A response with the credentials masked in status text, headers and body. */
export function maskResponse(response: ReceivedResponse, mask: MaskEcho): ReceivedResponse {
  const headers = Object.entries(response.headers).map(([name, value]) => [name, mask(value)]);
  return {
    ...response,
    statusText: mask(response.statusText),
    headers: Object.fromEntries(headers),
    body: mask(response.body, response.truncated),
  };
}

function occurrences(text: string, needle: string): Span[] {
  const spans: Span[] = [];
  for (let start = text.indexOf(needle); start !== -1; start = text.indexOf(needle, start + 1)) {
    spans.push([start, start + needle.length]);
  }
  return spans;
}

/** Credentials the text ends amid. A cut through a character leaves U+FFFD behind what is there of them. */
function beginningsAtEnd(text: string, needles: readonly string[]): Span[] {
  const whole = text.replace(/\uFFFD{1,3}$/, "");
  return needles.flatMap((needle) => {
    for (let length = Math.min(needle.length - 1, whole.length); length >= CREDENTIAL_LENGTH_MIN; length--) {
      if (whole.endsWith(needle.slice(0, length))) return [[whole.length - length, text.length] as const];
    }
    return [];
  });
}

/** One mask for each stretch of overlapping spans, so that nothing shows between two of them. */
function replaceSpans(text: string, spans: readonly Span[]): string {
  let masked = "";
  let end = 0;
  for (const [start, spanEnd] of [...spans].sort(([a], [b]) => a - b)) {
    if (start >= end) masked += text.slice(end, start) + MASK;
    end = Math.max(end, spanEnd);
  }
  return masked + text.slice(end);
}
