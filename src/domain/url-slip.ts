/** What is in a URL that its writer cannot have meant, with the cure. Public sentences: they quote nothing of it. */
export const URL_SLIPS = {
  shortened_url:
    "This is a shortened URL, as OpenSend and other tools show it to hide its secret part. Copy the whole URL from the tool that gave it to you.",
  placeholder:
    "The URL still has a placeholder, such as {id}, {{token}} or <your-url>. Replace it by its value. Write braces and angle brackets that are meant as %7B, %7D, %3C and %3E.",
  quoted_url:
    "The URL begins or ends with a quotation mark or a bracket that is not part of it. Remove it, so that the URL is all there is.",
  invisible_character:
    "The URL has an invisible character, which copying from a chat or a document often adds. Copy it again from the tool that gave it to you, or type the part around it anew.",
} as const;

export type UrlSlip = keyof typeof URL_SLIPS;

/** Of any script, at either end. */
const QUOTES =
  /^["'`\p{Pi}\p{Pf}\u201a\u201e\u300c-\u300f\uff02\uff07]|["'`\p{Pi}\p{Pf}\u201a\u201e\u300c-\u300f\uff02\uff07]$/u;
/** As texts and Markdown put them around a link. */
const BRACKETS: Readonly<Record<string, string>> = { ">": "<", ")": "(", "]": "[" };
const BRACKET_BEFORE = /^[<([]+https?:/i;

/** Three dots of one character or as a whole segment, and what masks a secret: bullets, stars, `[redacted]`. */
const SHORTENED =
  /[\u2026\u22ef\u2022\u25cf]|\/\.{3,}(?:[/?#]|$)|\*{3,}|\[(?:redacted|hidden|secret|filtered)\]/iu;

/** None of these characters may stand in a URL as it is (RFC 3986, section 2). */
const RAW_BRACKETS = /[{}<>]/;
/** Percent-encoded, they may be meant: JSON has no `{{`, and no tag of HTML is called so. */
const ENCODED_TEMPLATE =
  /\{\{|\$\{|<[\p{L}\p{N}_. -]*(?:your|url|token|key|secret|id|name|here)[\p{L}\p{N}_. -]*>/iu;
/** In a path, so is a GUID in braces. A query may be a template that the receiver fills. */
const ENCODED_PATH_TEMPLATE = /\{(?![0-9a-f]{8}-[0-9a-f]{4}-)[\p{L}\p{N}_. -]+\}/iu;

const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u;
/** Percent-encoded, joiners and variation selectors belong to emoji and to scripts such as Persian. */
const JOINERS = /\u200c|\u200d|\ufe0e|\ufe0f/gu;

/** What in this URL is a slip; null when nothing is. */
export function findUrlSlip(typed: string): UrlSlip | null {
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

/** A bracket before the URL, or one at its end that none in it opens. */
function isBracketed(text: string): boolean {
  const opening = BRACKETS[text.at(-1) ?? ""];
  return BRACKET_BEFORE.test(text) || (opening !== undefined && !text.includes(opening));
}

/** Each run of percent-encoded UTF-8 by itself, so that one that is none hides no other. */
function decode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}
