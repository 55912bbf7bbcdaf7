/**
 * Mistakes in a URL that its writer cannot have meant, with the fix. Public sentences that quote nothing from the URL.
 */
export const URL_MISTAKES = {
  shortened_url:
    "This is a shortened URL, as OpenSend and other tools show it to hide its secret part. Copy the whole URL from the tool that gave it to you.",
  placeholder:
    "The URL still has a placeholder, such as {id}, {{token}} or <your-url>. Replace it by its value. Write braces and angle brackets that are meant as %7B, %7D, %3C and %3E.",
  quoted_url:
    "The URL begins or ends with a quotation mark or a bracket that is not part of it. Remove it, so that the URL is all there is.",
  invisible_character:
    "The URL has an invisible character, which copying from a chat or a document often adds. Copy it again from the tool that gave it to you, or type the part around it anew.",
} as const;

export type UrlMistake = keyof typeof URL_MISTAKES;

/** Quotation marks of any script, at either end. */
const QUOTES =
  /^["'`\p{Pi}\p{Pf}\u201a\u201e\u300c-\u300f\uff02\uff07]|["'`\p{Pi}\p{Pf}\u201a\u201e\u300c-\u300f\uff02\uff07]$/u;
/** Brackets that texts and Markdown put around a link. */
const BRACKETS: Readonly<Record<string, string>> = { ">": "<", ")": "(", "]": "[" };
const BRACKET_BEFORE = /^[<([]+https?:/i;

/** Three dots as one character or as a whole segment, and masks of secrets: bullets, asterisks, `[redacted]`. */
const SHORTENED =
  /[\u2026\u22ef\u2022\u25cf]|\/\.{3,}(?:[/?#]|$)|\*{3,}|\[(?:redacted|hidden|secret|filtered)\]/iu;

/** None of these characters is allowed unencoded in a URL (RFC 3986, section 2). */
const RAW_BRACKETS = /[{}<>]/;
/** Percent-encoded brackets can be intended, but not these: JSON has no `{{`, and no HTML tag has such a name. */
const ENCODED_TEMPLATE =
  /\{\{|\$\{|<[\p{L}\p{N}_. -]*(?:your|url|token|key|secret|id|name|here)[\p{L}\p{N}_. -]*>/iu;
/** In a path, braces around a GUID can be intended too. A query can be a template that the receiver fills. */
const ENCODED_PATH_TEMPLATE = /\{(?![0-9a-f]{8}-[0-9a-f]{4}-)[\p{L}\p{N}_. -]+\}/iu;

const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u;
/** Percent-encoded joiners and variation selectors belong to emoji and to scripts such as Persian. */
const JOINERS = /\u200c|\u200d|\ufe0e|\ufe0f/gu;

/** The mistake in this URL; null when there is none. */
export function findUrlMistake(typed: string): UrlMistake | null {
  const text = typed.trim();
  const decoded = decode(text);
  const decodedPath = decode(text.replace(/[?#].*$/s, ""));
  if (SHORTENED.test(text) || SHORTENED.test(decodedPath)) return "shortened_url";
  if (QUOTES.test(text) || isBracketed(text)) return "quoted_url";
  if (RAW_BRACKETS.test(text) || ENCODED_TEMPLATE.test(decoded) || ENCODED_PATH_TEMPLATE.test(decodedPath)) {
    return "placeholder";
  }
  if (INVISIBLE.test(text) || INVISIBLE.test(decoded.replace(JOINERS, ""))) return "invisible_character";
  return null;
}

/** Whether a bracket precedes the URL, or an unopened one ends it. */
function isBracketed(text: string): boolean {
  const opening = BRACKETS[text.at(-1) ?? ""];
  return BRACKET_BEFORE.test(text) || (opening !== undefined && !text.includes(opening));
}

/** Decodes each run of percent-encoded UTF-8 separately, so that an invalid run does not hide the others. */
function decode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}
