import { type FieldError, OpenSendError } from "./errors.ts";
import { isOperationalType } from "./event-filter.ts";
import { EVENT_TYPE_LENGTH_MAX, EVENT_TYPE_PATTERN } from "./event-type-pattern.ts";
import { isUuid } from "./id.ts";
import { compactJson } from "./json/compact-json.ts";
import { describeJsonFault } from "./json/describe-json-fault.ts";
import { JsonArrayReader } from "./json/json-array-reader.ts";
import { decodeJsonString } from "./json/json-tokens.ts";
import {
  type JsonExcess,
  type JsonMember,
  type ScanLimits,
  type ScannedValue,
  scanJson,
} from "./json/scan-json.ts";
import { parseIsoTime } from "./parse-iso-time.ts";

/** For a member name that occurs more than once in its object. */
export const REPEATED_NAME = "This name appears more than once in its object. Send it once.";

export const EVENT_BYTES_MAX = 256 * 1024;
export const EVENTS_PER_BATCH_MAX = 1000;

/** Receivers' parsers limit the depth; Ruby's allows 100 levels by default. */
const LEVELS_MAX = 100;
/** An event has four fields; a value with more than this many is not an event, and naming 20 unknown ones is enough. */
const MEMBERS_MAX = 100;
/** Names are compared to find duplicates, which costs more than reading them. */
const NAMES_OF_OBJECT_MAX = 10_000;
const NAMES_MAX = 25_000;

const LIMITS: ScanLimits = {
  bytesMax: EVENT_BYTES_MAX,
  levelsMax: LEVELS_MAX,
  membersMax: MEMBERS_MAX,
  namesOfObjectMax: NAMES_OF_OBJECT_MAX,
  namesMax: NAMES_MAX,
};

const EXCESSES: Record<JsonExcess["excess"], string> = {
  bytes: `The event has more than ${EVENT_BYTES_MAX} bytes, the limit for one. Send less, such as a link to the rest.`,
  space: `More than ${EVENT_BYTES_MAX} characters of white space stand here. Remove them.`,
  levels: `Objects and arrays are nested more than ${LEVELS_MAX} levels deep. Flatten them.`,
  members: `The event has more than ${MEMBERS_MAX} fields. It has \`type\`, \`data\`, and if you like \`id\` and \`created_at\`.`,
  "names of an object": `This object has more than ${NAMES_OF_OBJECT_MAX} names. Use an array, or send several events.`,
  names: `The objects of the event have more than ${NAMES_MAX} names in total. Send several events.`,
};
const CREATED_AT_MIN = Date.UTC(2000, 0, 1);
/** How far a sender's clock can be ahead of ours. */
const CLOCK_SKEW_MAX_MS = 10 * 60 * 1000;

const FIELDS: ReadonlySet<string> = new Set(["type", "data", "id", "created_at"]);
const UNKNOWN_FIELDS_NAMED_MAX = 20;
const FIELD_NAME_LENGTH_MAX = 100;
/** A batch with this many problems is not read further. */
const PROBLEMS_MAX = 100;
const PATHS_NAMED_MAX = 10;

/** An event as received. `id` and `createdAt` (epoch milliseconds) are null when the sender left them out. */
export type NewEvent = {
  readonly id: string | null;
  readonly type: string;
  readonly createdAt: number | null;
  /** Compact, with every number and string as sent. */
  readonly dataJson: string;
};

/**
 * Reads the body of one event: `{type, data, id?, created_at?}`.
 *
 * @throws {OpenSendError} `malformed_json`, or `validation_failed` with all problems. Neither quotes a value.
 */
export function readEvent(text: string, now: number): NewEvent {
  const value = scanJson(text, LIMITS);
  if (value.faultAt !== null) throw malformed(text, value.faultAt);
  const problems: FieldError[] = [];
  const event = readOne(value, now, (path, message) => problems.push({ path, message }));
  if (event === null || problems.length > 0) throw refusal(problems);
  return event;
}

/**
 * Reads the body of a batch: a JSON array of 1 to 1,000 events. The paths of problems begin with the event's index.
 * Reading ends at an event that exceeds a limit: those after it are not checked.
 *
 * @throws {OpenSendError} `malformed_json` or `validation_failed`.
 */
export function readEventBatch(text: string, now: number): NewEvent[] {
  const reader = new JsonArrayReader(text, LIMITS);
  if (!reader.isArray) throw refusalOfOther(text);
  const problems: FieldError[] = [];
  const events: NewEvent[] = [];
  let hasEnded = false;
  for (let index = 0; !hasEnded; index++) {
    const item = reader.next();
    if (item === null) break;
    if (item.faultAt !== null) throw malformed(text, item.faultAt);
    if (index === EVENTS_PER_BATCH_MAX) throw refusal([{ path: "", message: TOO_MANY }]);
    const event = readOne(item, now, (path, message) => {
      problems.push({ path: path === "" ? `${index}` : `${index}.${path}`, message });
    });
    if (event !== null) events.push(event);
    hasEnded = item.excess !== null || problems.length >= PROBLEMS_MAX;
  }
  if (problems.length > 0) throw refusal(problems.slice(0, PROBLEMS_MAX));
  if (events.length === 0) throw refusal([{ path: "", message: NONE }]);
  return events;
}

const NO_BATCH = `Must be a JSON array of 1 to ${EVENTS_PER_BATCH_MAX} events.`;
const NONE = `The array is empty. Send 1 to ${EVENTS_PER_BATCH_MAX} events.`;
const TOO_MANY = `The array has more than ${EVENTS_PER_BATCH_MAX} events. Send them in several requests.`;

/** A body that is not an array is read only as far as one event can be. */
function refusalOfOther(text: string): OpenSendError {
  const { faultAt } = scanJson(text, LIMITS);
  return faultAt === null ? refusal([{ path: "", message: NO_BATCH }]) : malformed(text, faultAt);
}

type Report = (path: string, message: string) => void;

/** The event, or null when too little of it is valid to build one; all problems have been reported. */
function readOne(value: ScannedValue | JsonExcess, now: number, report: Report): NewEvent | null {
  if (value.excess !== null) {
    report(value.path, EXCESSES[value.excess]);
    return null;
  }
  if (value.members === null) {
    report("", "Must be a JSON object with `type` and `data`.");
    return null;
  }
  for (const path of new Set(value.duplicates)) {
    report(path, REPEATED_NAME);
  }
  const fields = new Map(value.members.map((member) => [member.name, member]));
  reportUnknown(fields, report);
  const type = readType(fields.get("type")?.raw, report);
  const dataJson = readData(fields.get("data"), report);
  const id = readId(fields.get("id")?.raw, report);
  const createdAt = readCreatedAt(fields.get("created_at")?.raw, now, report);
  return type === null || dataJson === null ? null : { id, type, createdAt, dataJson };
}

function reportUnknown(fields: ReadonlyMap<string, unknown>, report: Report): void {
  let count = 0;
  for (const name of fields.keys()) {
    if (FIELDS.has(name)) continue;
    report(name.slice(0, FIELD_NAME_LENGTH_MAX), "This field is not known. Remove it.");
    if (++count === UNKNOWN_FIELDS_NAMED_MAX) return;
  }
}

const TYPE_RULE = "words of letters, digits, `_` and `-`, joined by dots, such as `order.paid`";

function readType(raw: string | undefined, report: Report): string | null {
  const type = readString(raw);
  if (raw === undefined) report("type", `Required: ${TYPE_RULE}.`);
  // Of all texts that match the pattern, only wildcards contain an asterisk.
  else if (type === null || !EVENT_TYPE_PATTERN.test(type) || type.includes("*")) {
    report("type", `Must be ${TYPE_RULE}.`);
  } else if (type.length > EVENT_TYPE_LENGTH_MAX) {
    report("type", `Must have at most ${EVENT_TYPE_LENGTH_MAX} characters.`);
  } else if (isOperationalType(type)) {
    report(
      "type",
      "Types that begin with the word `integration` or `opensend` are OpenSend's own. Choose another.",
    );
  }
  return type;
}

function readData(member: JsonMember | undefined, report: Report): string | null {
  if (member?.raw.startsWith("{")) return member.isCompact ? member.raw : compactJson(member.raw);
  report("data", member === undefined ? "Required: a JSON object." : "Must be a JSON object.");
  return null;
}

function readId(raw: string | undefined, report: Report): string | null {
  if (raw === undefined) return null;
  const id = readString(raw);
  if (id === null || !isUuid(id)) {
    report("id", "Must be a UUID, or be left out.");
    return null;
  }
  return id.toLowerCase();
}

function readCreatedAt(raw: string | undefined, now: number, report: Report): number | null {
  if (raw === undefined) return null;
  const text = readString(raw);
  const createdAt = text === null ? null : parseIsoTime(text);
  if (createdAt === null) {
    report("created_at", "Must be a time in ISO 8601 with its zone, such as `2026-06-06T12:00:00.000Z`.");
  } else if (createdAt < CREATED_AT_MIN) {
    report("created_at", "Must not be before the year 2000.");
  } else if (createdAt > now + CLOCK_SKEW_MAX_MS) {
    report(
      "created_at",
      `Must not be more than 10 minutes ahead of the server's clock, which says ${new Date(now).toISOString()}.`,
    );
  }
  return createdAt;
}

function readString(raw: string | undefined): string | null {
  return raw?.startsWith('"') ? decodeJsonString(raw, 0, raw.length) : null;
}

function malformed(text: string, faultAt: number): OpenSendError {
  return new OpenSendError("malformed_json", describeJsonFault(text, faultAt));
}

function refusal(problems: readonly FieldError[]): OpenSendError {
  const paths = [...new Set(problems.map(({ path }) => path))];
  const named = paths
    .slice(0, PATHS_NAMED_MAX)
    .map((path) => (path === "" ? "the body" : `\`${path}\``))
    .join(", ");
  const more = paths.length > PATHS_NAMED_MAX ? ` and ${paths.length - PATHS_NAMED_MAX} more` : "";
  const detail = `Not valid: ${named}${more}. \`errors\` says why. Nothing was stored.`;
  return new OpenSendError("validation_failed", detail, { fields: problems });
}
