import type { JsonObject } from "../json/json.ts";
import type { Timings } from "../outcome.ts";

/** The stored data of one attempt and its request. Timings are milliseconds. */
export type ComparedAttempt = {
  readonly eventType: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly bodyBytes: number;
  /** The event's data; null when it is not a readable object. */
  readonly data: JsonObject | null;
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
  } | null;
  readonly errorCode: string | null;
  readonly timings: Timings;
};

export type DifferencePart =
  | "event_type"
  | "request_header"
  | "body_size"
  | "body_member"
  | "version"
  | "response_status"
  | "response_header"
  | "timing";

/** One difference between two attempts. Null means absent. Never contains a value of a payload. */
export type Difference = {
  /** Whether OpenSend's request or the receiver's response differs. */
  readonly side: "sender" | "receiver";
  readonly part: DifferencePart;
  /** Name of the header, member or stage; null for parts without one. */
  readonly name: string | null;
  readonly before: string | null;
  readonly after: string | null;
};

/** These differ in every attempt, so only their presence is compared. */
const ALWAYS_DIFFERENT = new Set([
  "x-opensend-timestamp",
  "x-opensend-signature",
  "x-opensend-signature-previous",
  "webhook-id",
  "webhook-timestamp",
  "webhook-signature",
  "traceparent",
  "tracestate",
  "content-length",
]);
/** These say who responded and what it expects; other response headers change for unrelated reasons. */
const COMPARED_RESPONSE_HEADERS = ["server", "content-type", "location", "retry-after", "www-authenticate"];
/** Bodies of one type vary in size; only a large difference is likely to hit a limit. */
const BYTES_FACTOR = 2;
const BYTES_APART_MIN = 1024;
/** Below these thresholds a stage is not noticeably slower. */
const SLOWER_FACTOR = 3;
const SLOWER_MS_MIN = 100;
const STAGES = ["dns", "connect", "tls", "first_byte"] as const;
const MEMBERS_MAX = 50;
const TEXT_LENGTH_MAX = 200;

/** Differences between an attempt that worked and a later one that failed, the sender's before the receiver's. */
export function compareAttempts(before: ComparedAttempt, after: ComparedAttempt): Difference[] {
  return [
    ...differ("sender", "event_type", null, before.eventType, after.eventType),
    ...differ("sender", "version", null, versionOf(before), versionOf(after)),
    ...compareRequestHeaders(before.requestHeaders, after.requestHeaders),
    ...compareBodies(before, after),
    ...differ("receiver", "response_status", null, outcomeOf(before), outcomeOf(after)),
    ...compareResponseHeaders(before, after),
    ...compareTimings(before.timings, after.timings),
  ];
}

function differ(
  side: Difference["side"],
  part: DifferencePart,
  name: string | null,
  before: string | null,
  after: string | null,
): Difference[] {
  return before === after
    ? []
    : [
        {
          side,
          part,
          name: name && truncate(name),
          before: before && truncate(before),
          after: after && truncate(after),
        },
      ];
}

function truncate(text: string): string {
  return text.length > TEXT_LENGTH_MAX ? `${text.slice(0, TEXT_LENGTH_MAX)}…` : text;
}

const USER_AGENT = "user-agent";

function versionOf({ requestHeaders }: ComparedAttempt): string | null {
  return requestHeaders[USER_AGENT] ?? null;
}

function compareRequestHeaders(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Difference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return names.flatMap((name) => {
    if (name === USER_AGENT) return [];
    const [was, is] = [before[name] ?? null, after[name] ?? null];
    if (!ALWAYS_DIFFERENT.has(name)) return differ("sender", "request_header", name, was, is);
    return differ("sender", "request_header", name, was && "present", is && "present");
  });
}

function compareBodies(before: ComparedAttempt, after: ComparedAttempt): Difference[] {
  // Another type has another shape, and the different type is already listed.
  if (before.eventType !== after.eventType) return [];
  const [small, large] = [before.bodyBytes, after.bodyBytes].toSorted((a, b) => a - b) as [number, number];
  const isAnotherSize = large >= small * BYTES_FACTOR && large - small >= BYTES_APART_MIN;
  const size = isAnotherSize
    ? differ("sender", "body_size", null, `${before.bodyBytes} bytes`, `${after.bodyBytes} bytes`)
    : [];
  if (before.data === null || after.data === null) return size;
  const [were, are] = [typesOf(before.data), typesOf(after.data)];
  const names = [...new Set([...were.keys(), ...are.keys()])];
  const members = names.flatMap((name) =>
    differ("sender", "body_member", name, were.get(name) ?? null, are.get(name) ?? null),
  );
  return [...size, ...members.slice(0, MEMBERS_MAX)];
}

/** The types of an object's members, never their values. */
function typesOf(data: JsonObject): ReadonlyMap<string, string> {
  return new Map(Object.entries(data).map(([name, value]) => [name, typeOf(value)]));
}

function typeOf(value: JsonObject[string]): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** The status, or the error code when there was no response. */
function outcomeOf({ response, errorCode }: ComparedAttempt): string {
  return response === null ? (errorCode ?? "no response") : String(response.status);
}

function compareResponseHeaders(before: ComparedAttempt, after: ComparedAttempt): Difference[] {
  // Without a response every header is missing, which adds nothing.
  const [was, is] = [before.response?.headers, after.response?.headers];
  if (was === undefined || is === undefined) return [];
  return COMPARED_RESPONSE_HEADERS.flatMap((name) =>
    differ("receiver", "response_header", name, was[name] ?? null, is[name] ?? null),
  );
}

function compareTimings(before: Timings, after: Timings): Difference[] {
  const stages = STAGES.flatMap((stage) => slower(stage, before[stage], after[stage]));
  return stages.length > 0 ? stages : slower("total", before.total, after.total);
}

function slower(stage: string, before: number | null, after: number | null): Difference[] {
  if (before === null || after === null) return [];
  if (after < before * SLOWER_FACTOR || after - before < SLOWER_MS_MIN) return [];
  return differ("receiver", "timing", stage, `${Math.round(before)} ms`, `${Math.round(after)} ms`);
}
