import type { Credentials } from "./connection.ts";
import type { ReceivedResponse } from "./outcome.ts";

const MASK = "[redacted]";
/** Shorter parts are no secrets, and masking them would eat ordinary words. */
const PART_LENGTH_MIN = 6;
const PLAIN_WORD = /^[a-z-]{1,16}$/;

/** Takes the credentials out of a text. `cutOff` says that the text's end is missing, perhaps amid a credential. */
export type MaskEcho = (text: string, cutOff?: boolean) => string;

/**
 * Receivers echo what they were sent: many 404 pages print the path, debugging tools print everything. What is kept
 * of an answer must not bring the webhook URL or the signing secret back in clear, so every part of them that could
 * serve as a credential is masked.
 */
export function createEchoMask(credentials: Credentials): MaskEcho {
  const needles = secretParts(credentials);
  return (text, cutOff = false) => {
    const masked = needles.reduce((rest, needle) => rest.replaceAll(needle, MASK), text);
    return cutOff ? needles.reduce(maskBeginningAtEnd, masked) : masked;
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

function secretParts({ webhookUrl, signingSecret }: Credentials): string[] {
  const url = new URL(webhookUrl);
  const parts = new Set<string>([webhookUrl, url.href]);
  const path = url.pathname;
  if (path.length >= PART_LENGTH_MIN) {
    parts.add(`${path}${url.search}`).add(path);
    const withoutSlash = path.slice(1);
    if (!PLAIN_WORD.test(withoutSlash)) parts.add(withoutSlash);
  }
  for (const segment of path.split("/")) {
    if (segment.length >= PART_LENGTH_MIN && !PLAIN_WORD.test(segment)) parts.add(segment);
  }
  for (const value of url.searchParams.values()) if (value.length >= PART_LENGTH_MIN) parts.add(value);
  for (const label of url.hostname.split(".")) if (/\d/.test(label) && label.length >= 12) parts.add(label);
  if (signingSecret !== null && signingSecret.length >= PART_LENGTH_MIN) parts.add(signingSecret);
  return [...parts].flatMap(spellings).sort((a, b) => b.length - a.length);
}

/** The same text as receivers write it: decoded, escaped for JSON, escaped for HTML. */
function spellings(part: string): string[] {
  const html = part.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
  const all = [part, part.replaceAll("/", "\\/"), html, encodeURIComponent(part), decode(part)];
  return [...new Set(all)];
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function maskBeginningAtEnd(text: string, needle: string): string {
  for (let length = Math.min(needle.length - 1, text.length); length >= PART_LENGTH_MIN; length--) {
    if (text.endsWith(needle.slice(0, length))) return `${text.slice(0, -length)}${MASK}`;
  }
  return text;
}
