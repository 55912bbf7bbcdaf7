/** A decoded text, with the position of each of its characters (UTF-16 units) in the original text. */
export type DecodedText = {
  readonly text: string;
  /**
   * Has one more element than `text` has characters: the last is the original's length. Null when nothing was decoded.
   */
  readonly starts: Uint32Array | null;
};

/**
 * JSON in JSON in a query of a query has four nested encodings; trying two kinds in either order doubles the layers.
 */
const LAYERS_MAX = 48;
/** Limit for all layers together: long texts get fewer layers, which bounds the work. */
const CHARACTERS_MAX = 384 * 1024;

/** A kind of escape. `hint` is a cheap test for whether `pattern` can match. */
type Kind = { readonly hint: RegExp; readonly pattern: RegExp };

/**
 * Percent-encoding, the backslash escapes of JSON, JavaScript, Python and C, HTML's character references, line breaks
 * and invisible characters. Each kind is decoded separately: a backslash before a punctuation mark is an escape in one
 * text and part of the secret in another.
 */
const KINDS: readonly Kind[] = [
  { hint: /%/, pattern: /(?:%[0-9a-fA-F]{2})+|%u[0-9a-fA-F]{4}/g },
  {
    hint: /\\/,
    pattern:
      /\\u[0-9a-fA-F]{4}|\\u\{[0-9a-fA-F]{1,8}\}|\\U[0-9a-fA-F]{8}|\\x[0-9a-fA-F]{2}|\\[0-3][0-7]{2}|\\[^\0\p{Default_Ignorable_Code_Point}]/gu,
  },
  { hint: /&/, pattern: /&#[0-9]+;?|&#[xX][0-9a-fA-F]+;?|&[a-zA-Z][a-zA-Z0-9]{1,30};?/g },
  { hint: /[^ -~]/, pattern: /\r?\n[ \t]*|[\0\p{Default_Ignorable_Code_Point}]/gu },
];

/** An incomplete escape or character at the end of a truncated text. */
const TRUNCATED_ESCAPE =
  /(?:%[c-dC-D][0-9a-fA-F]|%[eE][0-9a-fA-F](?:%[89abAB][0-9a-fA-F])?|%[fF][0-7](?:%[89abAB][0-9a-fA-F]){0,2}|%(?:[0-9a-fA-F]|u[0-9a-fA-F]{0,3})?|\\(?:u\{?[0-9a-fA-F]{0,8}|U[0-9a-fA-F]{0,7}|x[0-9a-fA-F]?|[0-3][0-7]?)?|&(?:#[xX]?[0-9a-fA-F]{0,8}|[a-zA-Z][a-zA-Z0-9]{0,30})?|\uFFFD{1,3})$/;

/**
 * The text itself, then its decoded forms, one per kind of escape, and their decoded forms in turn, until nothing is
 * left to decode. `cutOff` says that the text's end is missing: an incomplete escape at the end of a layer is then
 * removed.
 */
export function decodedLayers(text: string, isTruncated = false): DecodedText[] {
  const shorten = (layer: DecodedText) =>
    isTruncated ? { ...layer, text: withoutTruncatedEscape(layer.text) } : layer;
  const layers = [shorten({ text, starts: null })];
  const seen = new Set([text]);
  let characters = text.length;
  for (const layer of layers) {
    for (const kind of KINDS) {
      if (layers.length >= LAYERS_MAX || characters >= CHARACTERS_MAX) return layers;
      const decoded = decodeOnce(layer, kind);
      if (decoded === null || seen.has(decoded.text)) continue;
      seen.add(decoded.text);
      characters += decoded.text.length;
      layers.push(shorten(decoded));
    }
  }
  return layers;
}

function withoutTruncatedEscape(text: string): string {
  // No escape is longer than 64 characters, and the pattern is tried at every character of its input.
  const tailStart = Math.max(0, text.length - 64);
  let tail = text.slice(tailStart);
  for (
    let truncated = TRUNCATED_ESCAPE.exec(tail);
    truncated !== null;
    truncated = TRUNCATED_ESCAPE.exec(tail)
  ) {
    tail = tail.slice(0, truncated.index);
  }
  return text.slice(0, tailStart) + tail;
}

/** Null when the text has no escapes of this kind. */
function decodeOnce({ text, starts }: DecodedText, { hint, pattern }: Kind): DecodedText | null {
  if (!hint.test(text)) return null;
  const decoded = new DecodedWriter(text, starts);
  for (const { 0: code, index } of text.matchAll(pattern)) {
    if (code.startsWith("%") && code[1] !== "u") decoded.writePercent(code, index);
    else decoded.write(decodeEscape(code), index, code.length);
  }
  return decoded.end();
}

class DecodedWriter {
  readonly #from: string;
  readonly #fromStarts: Uint32Array | null;
  readonly #starts: Uint32Array;
  readonly #pieces: string[] = [];
  /** Characters written. */
  #length = 0;
  /** Characters read from the input. */
  #read = 0;
  #isChanged = false;

  constructor(from: string, fromStarts: Uint32Array | null) {
    this.#from = from;
    this.#fromStarts = fromStarts;
    // An escape is never shorter than the text it represents.
    this.#starts = new Uint32Array(from.length + 1);
  }

  /** Replaces the `length` characters at `index` with what they represent; null keeps them. */
  write(decoded: string | null, index: number, length: number): void {
    if (decoded === null) return;
    this.#copyTo(index);
    this.#pieces.push(decoded);
    for (let i = 0; i < decoded.length; i++) this.#starts[this.#length++] = this.#origin(index);
    this.#read = index + length;
    this.#isChanged = true;
  }

  /** Decodes a run such as `%C3%BC%20`: as UTF-8, and bytes that are not valid UTF-8 as Latin-1. */
  writePercent(run: string, index: number): void {
    const bytes = Buffer.from(run.replaceAll("%", ""), "hex");
    for (let at = 0; at < bytes.length; ) {
      const size = utf8Size(bytes, at);
      const character = bytes.subarray(at, at + size).toString(size === 1 ? "latin1" : "utf8");
      this.write(character, index + at * 3, size * 3);
      at += size;
    }
  }

  end(): DecodedText | null {
    if (!this.#isChanged) return null;
    this.#copyTo(this.#from.length);
    this.#starts[this.#length] = this.#origin(this.#from.length);
    return { text: this.#pieces.join(""), starts: this.#starts.subarray(0, this.#length + 1) };
  }

  #copyTo(index: number): void {
    this.#pieces.push(this.#from.slice(this.#read, index));
    for (; this.#read < index; this.#read++) this.#starts[this.#length++] = this.#origin(this.#read);
  }

  #origin(index: number): number {
    return this.#fromStarts === null ? index : (this.#fromStarts[index] ?? 0);
  }
}

/** Length in bytes of the UTF-8 character at an index; 1 if there is none (RFC 3629, section 4). */
function utf8Size(bytes: Buffer, at: number): number {
  const lead = bytes[at] ?? 0;
  const size = lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 1;
  if (size === 1 || at + size > bytes.length) return 1;
  const continuation = bytes.subarray(at + 1, at + size);
  return continuation.every((byte) => byte >> 6 === 0b10) ? size : 1;
}

/** Null for text that only looks like an escape. */
function decodeEscape(code: string): string | null {
  switch (code[0]) {
    case "%":
      return fromCodePoint(Number.parseInt(code.slice(2), 16));
    case "\\":
      return decodeBackslash(code);
    case "&":
      return decodeReference(code.replace(/;$/, ""));
    default:
      return "";
  }
}

const LETTERS: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

function decodeBackslash(code: string): string | null {
  const kind = code[1] ?? "";
  if (code.length === 2 || !/[uUx0-3]/.test(kind)) return LETTERS[kind] ?? code.slice(1);
  if (/[0-3]/.test(kind)) return fromCodePoint(Number.parseInt(code.slice(1), 8));
  return fromCodePoint(Number.parseInt(code.replace(/^..\{?/, ""), 16));
}

function decodeReference(reference: string): string | null {
  if (!reference.startsWith("&#")) return NAMED.get(reference.slice(1)) ?? null;
  const isHex = /^&#x/i.test(reference);
  return fromCodePoint(Number.parseInt(reference.slice(isHex ? 3 : 2), isHex ? 16 : 10));
}

function fromCodePoint(codePoint: number): string | null {
  return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : null;
}

/** HTML's names of all named ASCII characters, and of the Latin-1 characters from U+00A0 on (HTML, 13.5). */
const ASCII_NAMES: Readonly<Record<string, string>> = {
  "\t": "Tab",
  "\n": "NewLine",
  "!": "excl",
  '"': "quot QUOT",
  "#": "num",
  $: "dollar",
  "%": "percnt",
  "&": "amp AMP",
  "'": "apos",
  "(": "lpar",
  ")": "rpar",
  "*": "ast midast",
  "+": "plus",
  ",": "comma",
  ".": "period",
  "/": "sol",
  ":": "colon",
  ";": "semi",
  "<": "lt LT",
  "=": "equals",
  ">": "gt GT",
  "?": "quest",
  "@": "commat",
  "[": "lsqb lbrack",
  "\\": "bsol",
  "]": "rsqb rbrack",
  "^": "Hat",
  _: "lowbar UnderBar",
  "`": "grave DiacriticalGrave",
  "{": "lcub lbrace",
  "|": "verbar vert VerticalLine",
  "}": "rcub rbrace",
};
const LATIN_1_NAMES =
  "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

const NAMED: ReadonlyMap<string, string> = new Map([
  ...Object.entries(ASCII_NAMES).flatMap(([character, names]) =>
    names.split(" ").map((name) => [name, character] as const),
  ),
  ...LATIN_1_NAMES.split(" ").map((name, i) => [name, String.fromCharCode(0xa0 + i)] as const),
]);
