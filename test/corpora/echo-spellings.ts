/** One way in which receivers encode a credential that they echo. */
export type EchoSpelling = {
  readonly what: string;
  readonly write: (credential: string) => string;
  /** The first and last characters also encode neighboring bytes, so they may remain after masking. */
  readonly hasOpenEnds?: true;
};

const each = (write: (character: string) => string) => (text: string) => [...text].map(write).join("");
const eachUnit = (write: (unit: number) => string) => (text: string) =>
  Array.from({ length: text.length }, (_, i) => write(text.charCodeAt(i))).join("");
const marks = (write: (character: string) => string) => (text: string) =>
  text.replace(/[^A-Za-z0-9]/gu, write);
const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
const codeOf = (character: string) => character.codePointAt(0) ?? 0;
const percent = (character: string) => [...Buffer.from(character)].map((byte) => `%${hex(byte, 2)}`).join("");
const json = (text: string) => JSON.stringify(text).slice(1, -1);
const html = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
const gson = (text: string) => json(text).replace(/[<>&='\u2028]/g, (one) => `\\u${hex(codeOf(one), 4)}`);
const dotnet = (text: string) =>
  json(text)
    .replace(/[^ -~]|[+<>&'`]/g, (one) => `\\u${hex(codeOf(one), 4).toUpperCase()}`)
    .replaceAll('\\"', "\\u0022");
const base64 = (text: string) => Buffer.from(text).toString("base64");

const NAMES: Readonly<Record<string, string>> = {
  "!": "excl",
  "#": "num",
  $: "dollar",
  "%": "percnt",
  "&": "amp",
  "'": "apos",
  "(": "lpar",
  ")": "rpar",
  "*": "ast",
  "+": "plus",
  ".": "period",
  "/": "sol",
  ":": "colon",
  ";": "semi",
  "<": "lt",
  "=": "equals",
  ">": "gt",
  "?": "quest",
  "@": "commat",
  '"': "quot",
  "\\": "bsol",
  _: "lowbar",
};

export const ECHO_SPELLINGS: readonly EchoSpelling[] = [
  { what: "unencoded", write: (text) => text },
  { what: "in upper case", write: (text) => text.toUpperCase() },
  { what: "in lower case", write: (text) => text.toLowerCase() },
  { what: "JSON", write: json },
  { what: "JSON by PHP", write: (text) => json(text).replaceAll("/", "\\/") },
  { what: "JSON by Gson", write: gson },
  { what: "JSON by .NET", write: dotnet },
  { what: "JSON by Go", write: (text) => json(text).replace(/[<>&]/g, (one) => `\\u${hex(codeOf(one), 4)}`) },
  { what: "JSON with every unit escaped", write: eachUnit((unit) => `\\u${hex(unit, 4)}`) },
  {
    what: "JSON with every unit escaped, upper case",
    write: eachUnit((unit) => `\\u${hex(unit, 4).toUpperCase()}`),
  },
  {
    what: "JSON with every other unit escaped",
    write: (text) => text.replace(/([ -~])([ -~]?)/g, (_, a, b) => `\\u${hex(codeOf(a), 4)}${json(b)}`),
  },
  { what: "JSON in JSON", write: (text) => json(json(text)) },
  { what: "JSON in JSON in JSON, by Gson", write: (text) => gson(gson(gson(text))) },
  {
    what: "JavaScript's \\x",
    write: marks((one) => (codeOf(one) < 256 ? `\\x${hex(codeOf(one), 2)}` : one)),
  },
  { what: "JavaScript's \\u{}", write: marks((one) => `\\u{${hex(codeOf(one), 1)}}`) },
  { what: "Python's \\U", write: marks((one) => `\\U${hex(codeOf(one), 8)}`) },
  {
    what: "C's octal bytes",
    write: (text) => [...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join(""),
  },
  {
    what: "Python's bytes",
    write: (text) =>
      [...Buffer.from(text)]
        .map((byte) => (byte > 0x7e || byte === 0x5c ? `\\x${hex(byte, 2)}` : String.fromCharCode(byte)))
        .join(""),
  },
  { what: "percent-encoded", write: encodeURIComponent },
  { what: "percent-encoded as a URI", write: encodeURI },
  {
    what: "percent-encoded in lower case",
    write: (text) => encodeURIComponent(text).replace(/%../g, (one) => one.toLowerCase()),
  },
  { what: "percent-encoded throughout", write: each(percent) },
  { what: "percent-encoded in part", write: (text) => text.replace(/[^A-Za-z0-9]|[aeiou0-4]/gu, percent) },
  { what: "percent-encoded twice", write: (text) => encodeURIComponent(encodeURIComponent(text)) },
  {
    what: "percent-encoded three times",
    write: (text) => encodeURIComponent(encodeURIComponent(each(percent)(text))),
  },
  { what: "form-encoded", write: (text) => new URLSearchParams([[text, ""]]).toString().slice(0, -1) },
  { what: "JavaScript's escape()", write: (text) => globalThis.escape(text) },
  { what: "%u throughout", write: eachUnit((unit) => `%u${hex(unit, 4)}`) },
  { what: "HTML", write: html },
  { what: "HTML with decimal references", write: marks((one) => `&#${codeOf(one)};`) },
  { what: "HTML with decimal references throughout", write: each((one) => `&#${codeOf(one)};`) },
  {
    what: "HTML with hexadecimal references",
    write: marks((one) => `&#x${hex(codeOf(one), 1).toUpperCase()};`),
  },
  { what: "HTML with &#X and zeros in front", write: each((one) => `&#X${hex(codeOf(one), 8)};`) },
  { what: "HTML with names", write: marks((one) => (NAMES[one] === undefined ? one : `&${NAMES[one]};`)) },
  { what: "HTML twice", write: (text) => html(html(text)) },
  { what: "HTML in JSON by .NET", write: (text) => dotnet(html(text)) },
  { what: "JSON in HTML", write: (text) => html(gson(text)) },
  { what: "JSON, percent-encoded", write: (text) => encodeURIComponent(json(text)) },
  {
    what: "percent-encoded throughout in JSON throughout",
    write: (text) => eachUnit((unit) => `\\u${hex(unit, 4)}`)(each(percent)(text)),
  },
  { what: "HTML, percent-encoded, in JSON", write: (text) => json(encodeURIComponent(html(text))) },
  { what: "hexadecimal", write: (text) => Buffer.from(text).toString("hex") },
  { what: "hexadecimal in upper case", write: (text) => Buffer.from(text).toString("hex").toUpperCase() },
  { what: "base64", write: base64, hasOpenEnds: true },
  { what: "base64url", write: (text) => Buffer.from(text).toString("base64url"), hasOpenEnds: true },
  { what: "base64 behind one byte", write: (text) => base64(`:${text}`), hasOpenEnds: true },
  { what: "base64 behind two bytes", write: (text) => base64(`a:${text}`), hasOpenEnds: true },
  {
    what: "base64url within JSON",
    write: (text) => Buffer.from(`{"got":"${text}"}`).toString("base64url"),
    hasOpenEnds: true,
  },
  { what: "base64, percent-encoded", write: (text) => encodeURIComponent(base64(text)), hasOpenEnds: true },
  { what: "base64 in JSON by .NET", write: (text) => dotnet(base64(text)), hasOpenEnds: true },
  {
    what: "base64 in lines of 76 characters",
    write: (text) =>
      base64(`${"-".repeat(70)}${text}`)
        .replace(/.{76}/g, "$&\r\n")
        .slice(84),
    hasOpenEnds: true,
  },
  { what: "in short lines", write: (text) => text.replace(/.{7}(?=.)/gsu, "$&\n  ") },
  { what: "with invisible characters between", write: (text) => [...text].join("\u200b") },
  { what: "as UTF-16 read as UTF-8", write: (text) => [...text].join("\0") },
  { what: "as UTF-8 read as Latin-1", write: (text) => Buffer.from(text).toString("latin1") },
];
