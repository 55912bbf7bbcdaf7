import { decodeJsonString, endOfJsonScalar, endOfJsonString, skipJsonSpace } from "./json-tokens.ts";

/** A member of a top-level object: its name decoded, its value's text as it stands. */
export type JsonMember = {
  readonly name: string;
  readonly raw: string;
  /** Whether no insignificant white space stands in the value. */
  readonly isCompact: boolean;
};

/** One JSON value in a text: what stands from `start` up to, but not including, `end`. */
export type ScannedValue = {
  readonly faultAt: null;
  readonly start: number;
  readonly end: number;
  /** Levels of objects and arrays: 0 for a string, 1 for `{}`, 2 for `{"a":[]}`. */
  readonly depth: number;
  /** In the order of the text, repeated names included; null when the value is no object. */
  readonly members: readonly JsonMember[] | null;
  /**
   * Paths, such as `data.items.0.sku`, of names that stand more than once in their object, escapes decoded: the first
   * few, in the first `COMPARED_LEVELS_MAX` levels. One that stands three times may be listed twice.
   */
  readonly duplicates: readonly string[];
};

/** Offset of the first character that does not fit; the text's length when it ends too early. */
export type JsonFault = { readonly faultAt: number };

/** Reads a text that is one JSON value (RFC 8259), in one pass and without recursion. */
export function scanJson(text: string): ScannedValue | JsonFault {
  const value = scanValue(text, skipJsonSpace(text, 0));
  if (value.faultAt !== null) return value;
  const end = skipJsonSpace(text, value.end);
  return end === text.length ? value : { faultAt: end };
}

/**
 * Reads a text that is a JSON array, each element by itself; `items` is null when it is another value. It stops after
 * `itemsMax` + 1 elements and does not look at the rest.
 */
export function scanJsonArray(
  text: string,
  itemsMax: number,
): { readonly faultAt: null; readonly items: readonly ScannedValue[] | null } | JsonFault {
  let at = skipJsonSpace(text, 0);
  if (text[at] !== "[") {
    const value = scanJson(text);
    return value.faultAt === null ? { faultAt: null, items: null } : value;
  }
  const items: ScannedValue[] = [];
  at = skipJsonSpace(text, at + 1);
  while (items.length > 0 || text[at] !== "]") {
    const item = scanValue(text, at);
    if (item.faultAt !== null) return item;
    items.push(item);
    if (items.length > itemsMax) return { faultAt: null, items };
    at = skipJsonSpace(text, item.end);
    if (text[at] === "]") break;
    if (text[at] !== ",") return { faultAt: at };
    at = skipJsonSpace(text, at + 1);
  }
  const end = skipJsonSpace(text, at + 1);
  return end === text.length ? { faultAt: null, items } : { faultAt: end };
}

function scanValue(text: string, start: number): ScannedValue | JsonFault {
  return new ValueScanner(text, start).scan();
}

const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;
/** In ASCII the closing mark of both kinds stands two after the opening one. */
const CLOSE_AFTER_OPEN = 2;

/** Deeper objects keep no names: a body of brackets alone must not take a hundred times its size in memory. */
export const COMPARED_LEVELS_MAX = 200;

const DUPLICATES_MAX = 20;
/** Names are the sender's: long ones in a deep nest must not make a long answer. */
const NAME_SHOWN_LENGTH_MAX = 100;
const PATH_SHOWN_LENGTH_MAX = 300;

/** An object or array that is not closed yet: its names so far and the one or the index being read. */
type Frame = { readonly isObject: boolean; readonly names: Set<string> | null; name: string; index: number };

const DEEP_OBJECT: Readonly<Frame> = { isObject: true, names: null, name: "", index: 0 };
const DEEP_ARRAY: Readonly<Frame> = { isObject: false, names: null, name: "", index: 0 };

/** What comes next: the start of a value, or what follows its end. On "fault" `at` is where. */
type Step = "value" | "after_value" | "done" | "fault";

class ValueScanner {
  private readonly text: string;
  private readonly start: number;
  private readonly members: JsonMember[] = [];
  private readonly duplicates: string[] = [];
  private readonly open: Frame[] = [];
  private depth = 0;
  private spaces = 0;
  private memberAt = 0;
  private memberSpaces = 0;
  private at: number;

  constructor(text: string, start: number) {
    this.text = text;
    this.start = start;
    this.at = start;
  }

  scan(): ScannedValue | JsonFault {
    let step: Step = "value";
    while (step !== "done") {
      if (step === "fault") return { faultAt: this.at };
      step = step === "value" ? this.readValue() : this.readAfterValue();
    }
    const isObject = this.text.charCodeAt(this.start) === OPEN_BRACE;
    return {
      faultAt: null,
      start: this.start,
      end: this.at,
      depth: this.depth,
      members: isObject ? this.members : null,
      duplicates: this.duplicates,
    };
  }

  private readValue(): Step {
    const mark = this.text.charCodeAt(this.at);
    if (mark !== OPEN_BRACE && mark !== OPEN_BRACKET) {
      const end = endOfJsonScalar(this.text, this.at);
      if (end === null) return "fault";
      this.at = end;
      return "after_value";
    }
    if (this.open.length === this.depth) this.depth++;
    this.skipSpace(this.at + 1);
    if (this.text.charCodeAt(this.at) === mark + CLOSE_AFTER_OPEN) {
      this.at++;
      return "after_value";
    }
    const frame = this.openFrame(mark === OPEN_BRACE);
    return frame.isObject ? this.readName(frame) : "value";
  }

  private readAfterValue(): Step {
    const frame = this.open.at(-1);
    if (frame === undefined) return "done";
    if (frame.isObject && this.open.length === 1) {
      const raw = this.text.slice(this.memberAt, this.at);
      this.members.push({ name: frame.name, raw, isCompact: this.spaces === this.memberSpaces });
    }
    this.skipSpace(this.at);
    const mark = this.text.charCodeAt(this.at);
    if (mark === COMMA) {
      this.skipSpace(this.at + 1);
      if (frame.isObject) return this.readName(frame);
      if (frame !== DEEP_ARRAY) frame.index++;
      return "value";
    }
    if (mark !== (frame.isObject ? OPEN_BRACE : OPEN_BRACKET) + CLOSE_AFTER_OPEN) return "fault";
    this.at++;
    this.open.pop();
    return "after_value";
  }

  private readName(frame: Frame): Step {
    const start = this.at;
    const end = endOfJsonString(this.text, start);
    if (end === null) return "fault";
    this.skipSpace(end);
    if (this.text.charCodeAt(this.at) !== COLON) return "fault";
    this.skipSpace(this.at + 1);
    if (frame.names === null) return "value";
    frame.name = decodeJsonString(this.text, start, end);
    const count = frame.names.size;
    if (frame.names.add(frame.name).size === count) this.noteDuplicate();
    if (this.open.length === 1) {
      this.memberAt = this.at;
      this.memberSpaces = this.spaces;
    }
    return "value";
  }

  private openFrame(isObject: boolean): Frame {
    const isDeep = this.open.length >= COMPARED_LEVELS_MAX;
    const deep = isObject ? DEEP_OBJECT : DEEP_ARRAY;
    const frame = isDeep
      ? deep
      : { isObject, names: isObject ? new Set<string>() : null, name: "", index: 0 };
    this.open.push(frame);
    return frame;
  }

  private skipSpace(from: number): void {
    this.at = skipJsonSpace(this.text, from);
    this.spaces += this.at - from;
  }

  private noteDuplicate(): void {
    if (this.duplicates.length === DUPLICATES_MAX) return;
    let path = "";
    for (const { isObject, name, index } of this.open) {
      if (path.length >= PATH_SHOWN_LENGTH_MAX) break;
      path += `${path === "" ? "" : "."}${isObject ? name.slice(0, NAME_SHOWN_LENGTH_MAX) : index}`;
    }
    this.duplicates.push(path.slice(0, PATH_SHOWN_LENGTH_MAX));
  }
}
