import type { Credentials } from "./connection.ts";
import { redactHost } from "./redact-url.ts";

/** Shorter parts are no secrets, and masking them would eat ordinary words. */
export const CREDENTIAL_LENGTH_MIN = 6;
const PLAIN_WORD = /^[a-z-]{1,16}$/;

/**
 * Every part of the credentials that could serve as one, in every spelling a receiver may give it. Those of the webhook
 * URL: the whole, path and query, their values, and token labels of the host.
 */
export function credentialSpellings(credentials: Credentials): ReadonlySet<string> {
  const parts = new Set(secretParts(credentials));
  return new Set([...parts].flatMap(spellings));
}

function secretParts({ webhookUrl, signingSecret, previousSecret }: Credentials): string[] {
  const url = new URL(webhookUrl);
  const path = url.pathname.replace(/\/+$/, "");
  const segments = path.split("/").slice(1);
  const wholes = [webhookUrl, url.href, `${url.pathname}${url.search}`, path, url.search.slice(1)];
  // A receiver mounted below the root prints the end of the path only.
  const words = [path.slice(1), segments.slice(-2).join("/"), ...segments];
  const parts = [
    ...wholes,
    ...words.filter((word) => !PLAIN_WORD.test(word)),
    ...queryCredentials(url),
    ...hiddenHostParts(url),
    ...(signingSecret === null ? [] : [signingSecret]),
    ...(previousSecret ? [previousSecret.secret] : []),
  ];
  return parts.filter(isLongEnough);
}

/** Each value of the query, or the name where there is no value (`?token`); a `+` may come back as a space. */
function queryCredentials(url: URL): string[] {
  const pairs = url.search.slice(1).split("&");
  return pairs.flatMap((pair) => {
    const written = pair.slice(pair.indexOf("=") + 1) || pair.slice(0, -1);
    return [written, written.replaceAll("+", " ")];
  });
}

/** What the preview of the URL does not show of the host: its token labels. */
function hiddenHostParts(url: URL): string[] {
  const shown = redactHost(url).split(".");
  const hidden = url.hostname.split(".").filter((label) => label !== "" && !shown.includes(label));
  return hidden.length === 0 ? [] : [url.hostname, ...hidden];
}

function isLongEnough(part: string): boolean {
  return part.length >= CREDENTIAL_LENGTH_MIN;
}

const HTML = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** How the usual libraries escape characters: PHP's and Go's JSON; Express, Python, Handlebars, Mustache and Go. */
const ESCAPES: readonly Readonly<Record<string, string>>[] = [
  { "/": "\\/", '"': '\\"', "\\": "\\\\" },
  { "&": "\\u0026", "<": "\\u003c", ">": "\\u003e", '"': '\\"', "\\": "\\\\" },
  HTML,
  { ...HTML, "'": "&#x27;" },
  { ...HTML, "'": "&#x27;", "`": "&#x60;", "=": "&#x3D;" },
  { ...HTML, "`": "&#x60;", "=": "&#x3D;", "/": "&#x2F;" },
  { ...HTML, '"': "&#34;", "+": "&#43;" },
];

const ESCAPED_CHARACTERS = /["&'+/<=>\\`]/g;

/** The same text as receivers write it: as it is, decoded, percent-encoded, escaped for JSON and for HTML. */
function spellings(part: string): string[] {
  // Text that is not well-formed cannot be encoded, and cannot come back either.
  const written = part.toWellFormed();
  const texts = new Set([written, decode(written)].filter(isLongEnough));
  return [...texts].flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
    ...ESCAPES.map((escapes) => escapeWith(escapes, text)),
  ]);
}

function escapeWith(escapes: Readonly<Record<string, string>>, text: string): string {
  return text.replace(ESCAPED_CHARACTERS, (char) => escapes[char] ?? char);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
