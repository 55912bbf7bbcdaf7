import type { ReceivedResponse } from "../outcome.ts";

/**
 * The reason that a receiver's own words give for rejecting a request: the signature is missing, wrong, or one of the two;
 * `other` is a reason that this program does not recognize.
 */
export type ReceiverReason = "signature_missing" | "signature" | "signature_either" | "timestamp" | "other";

/** Long pages state the reason near the beginning. */
const READ_LENGTH_MAX = 2_000;

const REASONS: readonly (readonly [reason: ReceiverReason, pattern: RegExp])[] = [
  [
    "timestamp",
    /timestamp\W+(?:\w+\W+){0,5}(?:tolerance|old|new|future|expired|stale|skew|invalid|window)|(?:outside|old|expired|stale|invalid|bad)\W+(?:\w+\W+){0,3}timestamp/,
  ],
  [
    "signature_missing",
    /(?:missing|without|no|lacks|requires|required)\W+(?:\w+\W+){0,3}(?:signature|hmac)|missing required headers|(?:signature|hmac)\W+(?:\w+\W+){0,3}(?:missing|absent|required|not found|not present|not provided)/,
  ],
  [
    "signature",
    /(?:invalid|bad|wrong|incorrect|mismatch\w*|verify\w*|failed|not a valid)\W+(?:\w+\W+){0,3}(?:signature|hmac)|(?:signature|hmac)\w*\W+(?:\w+\W+){0,4}(?:invalid|bad|wrong|incorrect|mismatch\w*|match|failed|failure|error|verified|valid)/,
  ],
];
/** "No matching signature found": signatures were present, but none was valid. */
const NONE_MATCHES =
  /no\W+(?:matching|valid)\W+(?:\w+\W+){0,2}(?:signature|hmac)|no\W+(?:\w+\W+){0,2}(?:signature|hmac)s?\W+(?:\w+\W+)?match/;
/** "Missing or invalid signature", "signature is invalid or missing", "invalid/missing signature". */
const EITHER =
  /(?:\bor|\/)\W*(?:(?:an?|is|was|does|do|has)\W+)*(?:invalid|bad|wrong|incorrect|malformed|mismatch\w*|not\W+(?:valid|match\w*)|unverifi\w*)|(?:invalid|bad|wrong|incorrect|malformed|mismatch\w*|valid|match)\W*(?:\bor\b|\/)/;

/** Standard phrases of frameworks and proxies, which say no more than the status. */
const STATUS_TEXTS =
  /^(?:(?:error|http|code|status)?\W*\d{3}\W*)?(?:(?:error|ok|bad request|unauthori[sz]ed|forbidden|access denied|(?:(?:the )?(?:page|route|path|url|resource|endpoint|hook|webhook) )?(?:was )?not found|(?:unknown|no such) (?:page|route|path|url|resource|endpoint|hook|webhook)|method not allowed|gone|conflict|unprocessable (?:entity|content)|internal server error|internal error|server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out|cannot post .*|the requested url .*|no route .*|the route .* could not be found.*)\W*)*$/;

/**
 * The reason that a receiver gives for a rejection, which is better than a guess from the status. Only its own text
 * counts: JSON or plain text, or words about verification on an error page.
 */
export function receiverReason({ body }: Pick<ReceivedResponse, "body">): ReceiverReason | null {
  const json = jsonTexts(body);
  const texts = (json ?? [withoutTags(body.slice(0, READ_LENGTH_MAX))]).map(spaced);
  const known = texts.map(knownReason).find((reason) => reason !== null);
  if (known !== undefined) return known;
  const isPage = json === null && body.trimStart().startsWith("<");
  // A single word is not a reason.
  return !isPage && texts.some((text) => text.includes(" ") && !STATUS_TEXTS.test(text)) ? "other" : null;
}

function knownReason(text: string): ReceiverReason | null {
  if (NONE_MATCHES.test(text)) return "signature";
  const reason = REASONS.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
  return reason === "signature_missing" && EITHER.test(text) ? "signature_either" : reason;
}

function withoutTags(text: string): string {
  return text.replace(/<[^>]*>/g, " ");
}

/** Splits codes such as `invalid_signature` and `InvalidSignature` into words. */
function spaced(text: string): string {
  return text
    .slice(0, READ_LENGTH_MAX)
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/[_-]+/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase();
}

/** JSON keys for a reason in common frameworks and in problem details (RFC 9457). */
const REASON_KEYS = [
  "error",
  "message",
  "msg",
  "detail",
  "details",
  "title",
  "reason",
  "code",
  "error_code",
  "error_description",
  "description",
  "errors",
];

/** The texts at these keys, nested ones included; null when the body is not JSON. */
function jsonTexts(body: string): string[] | null {
  try {
    return textsOf(JSON.parse(body), 3);
  } catch {
    return null;
  }
}

function textsOf(value: unknown, depth: number): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null || depth === 0) return [];
  if (Array.isArray(value)) return value.flatMap((item) => textsOf(item, depth - 1));
  const fields = value as Readonly<Record<string, unknown>>;
  return REASON_KEYS.flatMap((key) => (Object.hasOwn(fields, key) ? textsOf(fields[key], depth - 1) : []));
}
