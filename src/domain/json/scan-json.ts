import { decodeJsonString, endOfJsonScalar, endOfJsonString, skipJsonSpace } from "./json-tokens.ts";

/** A member of a top-level object: its decoded name and the unchanged text of its value. */
export type JsonMember = {
  readonly name: string;
  readonly raw: string;
  /** Whether the value has no insignificant white space. */
  readonly isCompact: boolean;
};

/** One JSON value in a text, from `start` up to, but not including, `end`. */
export type ScannedValue = {
  readonly faultAt: null;
  readonly excess: null;
  readonly start: number;
  readonly end: number;
  /** In the order of the text, repeated names included; null when the value is not an object. */
  readonly members: readonly JsonMember[] | null;
  /**
   * Paths, such as `data.items.0.sku`, of names that occur more than once in their object, escapes decoded: the first
   * few. A name that occurs three times can be listed twice.
   */
  readonly duplicates: readonly string[];
};

/** Offset of the first invalid character; the text's length when it ends too early. */
export type JsonFault = { readonly faultAt: number };

/** The limit at which a scan stopped. The text after it was not read and may not be JSON. */
export type JsonExcess = {
  readonly faultAt: null;
  readonly excess: "bytes" | "space" | "levels" | "members" | "names of an object" | "names";
  /** Path of the object with too many names; otherwise empty. */
  readonly path: string;
};

/** Limits beyond which a value is refused. */
export type ScanLimits = {
  readonly bytesMax: number;
  /** Levels of objects and arrays: a string has none, `{}` one, `{"a":[]}` two. */
  readonly levelsMax: number;
  /** Members of the outermost object. */
  readonly membersMax: number;
  /** Limits on the names in one object, and in all objects of the value together. */
  readonly namesOfObjectMax: number;
  readonly namesMax: number;
};

/**
 * Reads a text as one JSON value (RFC 8259), in one pass and without recursion. Stops at the first limit, so that no
 * value costs more than the largest one allowed. Null limits check for a fault only: neither members nor names are
 * kept.
 */
export function scanJson(text: string, limits: ScanLimits | null): ScannedValue | JsonExcess | JsonFault {
  const spacesMax = limits?.bytesMax ?? text.length;
  const start = skipJsonSpace(text, 0, Math.min(text.length, spacesMax + 1));
  if (start > spacesMax) return SPACE_EXCESS;
  const value = scanValue(text, start, limits);
  if (value.faultAt !== null || value.excess !== null) return value;
  const end = skipJsonSpace(text, value.end, Math.min(text.length, value.end + spacesMax + 1));
  if (end - value.end > spacesMax) return SPACE_EXCESS;
  return end === text.length ? value : { faultAt: end };
}

const SPACE_EXCESS: JsonExcess = { faultAt: null, excess: "space", path: "" };

/** Reads the value that starts at `start`, and nothing after it. */
export function scanValue(
  text: string,
  start: number,
  limits: ScanLimits | null,
): ScannedValue | JsonExcess | JsonFault {
  const scanned = new ValueScanner(text, start, limits).scan();
  const isComplete = scanned.faultAt === null && scanned.excess === null;
  if (!isComplete || limits === null) return scanned;
  // The scan counted characters, and each has at least one byte.
  const bytes = Buffer.byteLength(text.slice(scanned.start, scanned.end));
  return bytes > limits.bytesMax ? { faultAt: null, excess: "bytes", path: "" } : scanned;
}

const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;
/** In ASCII each closing bracket or brace is two code points after its opening one. */
const CLOSE_AFTER_OPEN = 2;

const DUPLICATES_MAX = 20;
/** Names come from the sender: long, deeply nested ones must not make a long response. */
const NAME_SHOWN_LENGTH_MAX = 100;
const PATH_SHOWN_LENGTH_MAX = 300;

/** An object or array that is not closed yet: its names so far, and the name or index being read. */
type Frame = { readonly isObject: boolean; readonly names: Set<string> | null; name: string; index: number };

/**
 * Shared by all objects and arrays when no names are kept: a body of nothing but brackets must not take a hundred times
 * its size in memory.
 */
const NAMELESS_OBJECT: Readonly<Frame> = { isObject: true, names: null, name: "", index: 0 };
const NAMELESS_ARRAY: Readonly<Frame> = { isObject: false, names: null, name: "", index: 0 };

/** The next step: read a value, or continue after one. On "fault" `at` is its offset. */
type Step = "value" | "after_value" | "done" | "fault" | JsonExcess;

class ValueScanner {
  private readonly text: string;
  private readonly start: number;
  private readonly limits: ScanLimits | null;
  /** One character past the longest allowed value. */
  private readonly stop: number;
  private readonly members: JsonMember[] = [];
  private readonly duplicates: string[] = [];
  private readonly open: Frame[] = [];
  private names = 0;
  private spaces = 0;
  private memberAt = 0;
  private memberSpaces = 0;
  private at: number;

  constructor(text: string, start: number, limits: ScanLimits | null) {
    this.text = text;
    this.start = start;
    this.limits = limits;
    const stop = limits === null ? text.length : start + limits.bytesMax + 1;
    this.stop = Math.min(text.length, stop);
    this.at = start;
  }

  scan(): ScannedValue | JsonExcess | JsonFault {
    let step: Step = "value";
    while (step !== "done") {
      // Checked before faults: past the limit everything looks like a fault.
      if (this.limits !== null && this.at - this.start > this.limits.bytesMax) return this.exceed("bytes");
      if (step === "fault") return { faultAt: this.at };
      if (typeof step === "object") return step;
      step = step === "value" ? this.readValue() : this.readAfterValue();
    }
    const isObject = this.text.charCodeAt(this.start) === OPEN_BRACE;
    return {
      faultAt: null,
      excess: null,
      start: this.start,
      end: this.at,
      members: isObject ? this.members : null,
      duplicates: this.duplicates,
    };
  }

  private readValue(): Step {
    const mark = this.text.charCodeAt(this.at);
    if (mark !== OPEN_BRACE && mark !== OPEN_BRACKET) {
      const end = endOfJsonScalar(this.text, this.at, this.stop);
      if (end === null || (end > this.stop && this.stop === this.text.length)) return "fault";
      this.at = end;
      return "after_value";
    }
    if (this.open.length === this.limits?.levelsMax) return this.exceed("levels");
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
    if (frame.names !== null && this.open.length === 1) {
      const raw = this.text.slice(this.memberAt, this.at);
      this.members.push({ name: frame.name, raw, isCompact: this.spaces === this.memberSpaces });
    }
    this.skipSpace(this.at);
    const mark = this.text.charCodeAt(this.at);
    if (mark === COMMA) {
      this.skipSpace(this.at + 1);
      if (frame.isObject) return this.readName(frame);
      if (frame !== NAMELESS_ARRAY) frame.index++;
      return "value";
    }
    if (mark !== (frame.isObject ? OPEN_BRACE : OPEN_BRACKET) + CLOSE_AFTER_OPEN) return "fault";
    this.at++;
    this.open.pop();
    return "after_value";
  }

  private readName(frame: Frame): Step {
    const start = this.at;
    const end = endOfJsonString(this.text, start, this.stop);
    if (end === null || (end > this.stop && this.stop === this.text.length)) return "fault";
    this.skipSpace(end);
    if (this.text.charCodeAt(this.at) !== COLON) return "fault";
    this.skipSpace(this.at + 1);
    if (frame.names === null || this.limits === null) return "value";
    frame.name = decodeJsonString(this.text, start, end);
    const count = frame.names.size;
    if (frame.names.add(frame.name).size === count) this.addDuplicate();
    if (this.open.length === 1) {
      if (this.members.length === this.limits.membersMax) return this.exceed("members");
      this.memberAt = this.at;
      this.memberSpaces = this.spaces;
    }
    if (count === this.limits.namesOfObjectMax) return this.exceed("names of an object");
    return ++this.names > this.limits.namesMax ? this.exceed("names") : "value";
  }

  private openFrame(isObject: boolean): Frame {
    const nameless = isObject ? NAMELESS_OBJECT : NAMELESS_ARRAY;
    const frame =
      this.limits === null
        ? nameless
        : { isObject, names: isObject ? new Set<string>() : null, name: "", index: 0 };
    this.open.push(frame);
    return frame;
  }

  private skipSpace(from: number): void {
    this.at = skipJsonSpace(this.text, from, this.stop);
    this.spaces += this.at - from;
  }

  private addDuplicate(): void {
    if (this.duplicates.length < DUPLICATES_MAX) this.duplicates.push(this.pathOf(this.open));
  }

  private exceed(excess: JsonExcess["excess"]): JsonExcess {
    return {
      faultAt: null,
      excess,
      path: excess === "names of an object" ? this.pathOf(this.open.slice(0, -1)) : "",
    };
  }

  private pathOf(frames: readonly Frame[]): string {
    let path = "";
    for (const { isObject, name, index } of frames) {
      if (path.length >= PATH_SHOWN_LENGTH_MAX) break;
      path += `${path === "" ? "" : "."}${isObject ? name.slice(0, NAME_SHOWN_LENGTH_MAX) : index}`;
    }
    return path.slice(0, PATH_SHOWN_LENGTH_MAX);
  }
}
