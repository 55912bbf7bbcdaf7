import { type BodyFraming, readFraming } from "./body-framing.ts";
import { SendError } from "./send-error.ts";

export type ResponseHead = {
  readonly status: number;
  readonly statusText: string;
  /** By lower-case name; repeated ones are joined into a list (RFC 9110, section 5.3). */
  readonly headers: Readonly<Record<string, string>>;
  readonly framing: BodyFraming;
  /** Whether the connection can serve another request. */
  readonly keepsAlive: boolean;
};

const LF = 0x0a;
const CR = 0x0d;

/** RFC 9112, section 4; the space before an empty reason is optional, since many servers omit it. */
const STATUS_LINE = /^HTTP\/1\.([0-9])[\t ]+([1-9][0-9]{2})(?:[\t ]+(.*))?$/s;
const STATUS_TEXT_LENGTH_MAX = 200;
/** RFC 9110, section 5.1. White space before the colon is removed, as RFC 9112, section 5.1, requires of proxies. */
const FIELD_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[\t ]*:(.*)$/s;
/** NUL, and CR that ends no line, are read as spaces (RFC 9110, section 5.5; RFC 9112, section 2.2). */
const UNSAFE_IN_VALUE = /[\0\r]/g;
const START = "HTTP/1.";

/** The index of the first byte after any blank lines, which some servers send before the status line. */
export function skipBlankLines(bytes: Buffer, from = 0): number {
  let at = from;
  while (bytes[at] === LF || (bytes[at] === CR && (at + 1 === bytes.length || bytes[at + 1] === LF))) at += 1;
  return at;
}

/** Whether these bytes can begin a status line, to detect another protocol by its first bytes. */
export function beginsLikeHttp(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, START.length);
  return bytes.toString("latin1", 0, length) === START.slice(0, length);
}

/** The index after the empty line that ends a head, or -1. The search begins at `from`. */
export function findHeadEnd(bytes: Buffer, from = 0): number {
  for (let at = bytes.indexOf(LF, from); at !== -1; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2;
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3;
  }
  return -1;
}

/**
 * Parses a response's head as leniently as RFC 9112 allows a recipient: lines can end with a bare LF (section 2.2) and
 * be folded (5.2).
 *
 * @throws {SendError} `invalid_response`, with the fault.
 */
export function readHead(bytes: Buffer): ResponseHead {
  const lines = bytes.toString("latin1").split("\n");
  const [, minor, status, statusText = ""] = STATUS_LINE.exec(withoutCr(lines[0] ?? "")) ?? [];
  if (minor === undefined) throw invalid("The status line is not that of HTTP/1.");
  const headers = readHeaders(lines);
  const framing = readFraming(Number(status), headers);
  return {
    status: Number(status),
    statusText: decoded(statusText.replace(UNSAFE_IN_VALUE, " ").trim()).slice(0, STATUS_TEXT_LENGTH_MAX),
    headers,
    framing,
    keepsAlive: framing.keepsAlive && keepsAlive(Number(minor), headers),
  };
}

function readHeaders(lines: readonly string[]): Record<string, string> {
  const fields: [name: string, value: string][] = [];
  for (const raw of lines.slice(1)) {
    const line = withoutCr(raw);
    if (line === "") continue;
    if (line.startsWith(" ") || line.startsWith("\t")) fold(fields, line);
    else fields.push(readField(line));
  }
  // A map, since `__proto__` is a name like any other.
  const joined = new Map<string, string>();
  for (const [name, value] of fields) {
    const before = joined.get(name);
    const text = decoded(value.replace(UNSAFE_IN_VALUE, " ").trim());
    joined.set(name, before === undefined ? text : `${before}, ${text}`);
  }
  return Object.fromEntries(joined);
}

/** RFC 9112, section 5.2; a line before the first field is ignored (section 2.2). */
function fold(fields: [name: string, value: string][], line: string): void {
  const last = fields.at(-1);
  if (last !== undefined) last[1] = `${last[1].trimEnd()} ${line.trim()}`;
}

function readField(line: string): [name: string, value: string] {
  const [, name, value] = FIELD_LINE.exec(line) ?? [];
  if (name === undefined || value === undefined)
    throw invalid("A header line is not a name, a colon and a value.");
  return [name.toLowerCase(), value];
}

function keepsAlive(minor: number, headers: Readonly<Record<string, string>>): boolean {
  const options = (headers["connection"] ?? "").toLowerCase().split(/[\t ]*,[\t ]*/);
  if (options.includes("close")) return false;
  return minor >= 1 || options.includes("keep-alive");
}

/**
 * Header values have no charset of their own; values that are not UTF-8 are read as Latin-1 (RFC 9110, section 5.5).
 */
function decoded(latin1: string): string {
  if (!/[\x80-\xff]/.test(latin1)) return latin1;
  const text = Buffer.from(latin1, "latin1").toString("utf8");
  return text.includes("\ufffd") ? latin1 : text;
}

function withoutCr(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

function invalid(detail: string): SendError {
  return new SendError("invalid_response", detail);
}
