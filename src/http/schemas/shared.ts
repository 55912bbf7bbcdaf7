import type { FastifySchema } from "fastify";
import { z } from "zod";
import { ERRORS, type ErrorCode } from "../../domain/errors.ts";
import {
  EVENT_TYPE_LENGTH_MAX,
  EVENT_TYPE_PATTERN,
  EVENT_TYPE_PATTERNS,
} from "../../domain/event-type-pattern.ts";
import { findLineFault } from "../../domain/line-fault.ts";
import { parseIsoTime } from "../../domain/parse-iso-time.ts";

/** For the text before trimming: at least one visible character, and no control characters in between. */
const OF_ONE_LINE =
  "^\\s*[^\\s\\u0000-\\u001f\\u007f-\\u009f](?:[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f])?\\s*$";

/** One line of text as people type it, such as a name: trimmed, and without characters that mislead readers. */
export function line(options: { min: number; max: number }) {
  return z
    .string()
    .max(options.max, `Must have at most ${options.max} characters.`)
    .trim()
    .min(options.min, options.min === 1 ? "Must not be empty." : undefined)
    .check(({ value, issues }) => {
      const message = findLineFault(value);
      if (message !== null) issues.push({ code: "custom", message, input: value });
    })
    .meta({ pattern: OF_ONE_LINE });
}

/** A single character is in almost every payload. */
const SEARCH_LENGTH_MIN = 2;
const SEARCH_LENGTH_MAX = 200;

/** Text to search for, taken literally. */
export const searchText = z
  .string()
  .min(SEARCH_LENGTH_MIN, `Must have at least ${SEARCH_LENGTH_MIN} characters.`)
  .max(SEARCH_LENGTH_MAX, `Must have at most ${SEARCH_LENGTH_MAX} characters.`)
  .refine((text) => !/\p{Cc}/u.test(text), "Must not contain control characters or line breaks.")
  .meta({ pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]*$" });

export const timestamp = z.iso
  .datetime({ precision: 3 })
  .meta({ description: "ISO 8601, UTC, milliseconds" });
/** A time in a query, as people and programs write it. */
export const time = z
  .string()
  .overwrite(canonicalTime)
  .check(z.iso.datetime({ error: "Must be a time with its zone, such as 2026-06-06T08:00:00Z." }));

/** Accepts the formats of event times, and offsets without a colon, as `strftime` in C and Python writes them. */
function canonicalTime(text: string): string {
  const time = parseIsoTime(text.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  return time === null ? text : toTimestamp(time);
}

export const eventTypePattern = z
  .string()
  .max(EVENT_TYPE_LENGTH_MAX)
  .regex(EVENT_TYPE_PATTERN, "Must be an event type such as `order.paid`, or a pattern such as `order.*`.");
const EVENT_TYPE_PATTERNS_MAX = 50;

/** Several types and patterns in a query, separated by commas. */
export const eventTypePatterns = z
  .string()
  .max(EVENT_TYPE_PATTERNS_MAX * (EVENT_TYPE_LENGTH_MAX + 1))
  .regex(
    EVENT_TYPE_PATTERNS,
    "Must be event types such as `order.paid` and patterns such as `order.*`, separated by commas.",
  )
  .transform((text) => [...new Set(text.split(","))])
  .refine(
    (patterns) => patterns.length <= EVENT_TYPE_PATTERNS_MAX,
    `Name at most ${EVENT_TYPE_PATTERNS_MAX} types.`,
  )
  .meta({
    description:
      "Event types and patterns such as `order.*`, separated by commas; an event matches if one of them does",
    examples: ["order.*,user.created"],
  });
export const uuid = z.guid().meta({ examples: ["0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11"] });
/** An id in a request, in upper or lower case; an unknown id is not found. */
export const givenId = uuid.toLowerCase();

export function toTimestamp(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

export function toNullableTimestamp(epochMs: number | null): string | null {
  return epochMs === null ? null : toTimestamp(epochMs);
}

export const Problem = z
  .object({
    type: z.url().meta({ description: "The page that explains this error" }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: "What happened, where, and how to fix it" }),
    code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]).meta({ id: "ErrorCode" }),
    request_id: z.string(),
    retry_after: z.int().optional().meta({ description: "Seconds to wait, as in the Retry-After header" }),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: "Problem", description: "An error (RFC 9457)" });

export const PROBLEM_TYPE = "application/problem+json";

/** Response entries for the errors of a route, by status, including those that every route can return. */
export function problems(...codes: ErrorCode[]) {
  const always: ErrorCode[] = ["internal", "overloaded", "rate_limited", "invalid_request"];
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set([...codes, ...always])) {
    const { status } = ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\``).join(", "),
        content: { [PROBLEM_TYPE]: { schema: Problem } },
      },
    ]),
  );
}

type DescribedResponse = ReturnType<typeof problems>[string];

/** Adds errors to a route's response entries, unless present. */
export function addProblems(response: object, ...codes: ErrorCode[]): object {
  const entries = new Map(Object.entries(response));
  for (const code of codes) {
    const key = String(ERRORS[code].status);
    const own = `\`${code}\``;
    const before = entries.get(key) as DescribedResponse | undefined;
    if (before?.description.includes(own) === true) continue;
    const description = before === undefined ? own : `${before.description}, ${own}`;
    entries.set(key, { description, content: { [PROBLEM_TYPE]: { schema: Problem } } });
  }
  return Object.fromEntries(entries);
}

/** Adds request headers to a route's description, keeping its own. */
export function addHeaders(schema: FastifySchema, fields: z.ZodRawShape): void {
  const own = schema.headers instanceof z.ZodObject ? schema.headers.shape : {};
  schema.headers = z.looseObject({ ...own, ...fields });
}

export function listOf<Item extends z.ZodType>(id: string, item: Item) {
  return z
    .object({
      object: z.literal("list"),
      data: z.array(item),
      has_more: z.boolean(),
      next_cursor: z.string().nullable(),
    })
    .meta({ id });
}

/** For lists whose filters have no index. */
export const SPARSE_LIST =
  "With filters, a page looks at a bounded part of the list: it may hold fewer objects than `limit`, even none, and still say `has_more`. Go on with `next_cursor`.";

const PAGE_SIZE = 50;
const PAGE_SIZE_MAX = 100;

/** A whole number in a query: plain digits, without notations that some parsers accept, such as `1e1` or `0x10`. */
function wholeNumber(options: { readonly min: number; readonly max: number; readonly default: number }) {
  const number = z
    .int("Must be a whole number, in plain digits.")
    .min(options.min)
    .max(options.max)
    .meta({ default: options.default });
  return z
    .preprocess((text) => (typeof text === "string" && /^\d{1,9}$/.test(text) ? Number(text) : text), number)
    .default(options.default);
}

export const pageQuery = {
  limit: wholeNumber({ min: 1, max: PAGE_SIZE_MAX, default: PAGE_SIZE }),
  cursor: z.string().min(1).max(500).optional(),
};

export const IdParams = z.object({ id: givenId });
