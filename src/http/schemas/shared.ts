import { z } from "zod";
import { ERRORS, type ErrorCode } from "../../domain/errors.ts";
import { EVENT_TYPE_LENGTH_MAX, EVENT_TYPE_PATTERN } from "../../domain/event-type-pattern.ts";

/** Control characters say nothing in a name, hide in lists and cannot be stored by PostgreSQL (NUL). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the purpose.
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]/;

/** Text of one line as people type it: trimmed, without control characters or lone surrogates. */
export function line(options: { min: number; max: number }) {
  return z
    .string()
    .trim()
    .min(options.min, options.min === 1 ? "Must not be empty." : undefined)
    .max(options.max, `Must have at most ${options.max} characters.`)
    .refine((text) => !CONTROL_CHARACTERS.test(text), "Must not contain control characters.")
    .refine((text) => text.isWellFormed(), "Must be valid Unicode.");
}

export const timestamp = z.iso
  .datetime({ precision: 3 })
  .meta({ description: "ISO 8601, UTC, milliseconds" });
/** A time in a query, as people and programs write it. */
export const time = z.iso.datetime({
  offset: true,
  error: "Must be a time with its zone, such as 2026-06-06T08:00:00Z.",
});
export const eventTypePattern = z
  .string()
  .max(EVENT_TYPE_LENGTH_MAX)
  .regex(EVENT_TYPE_PATTERN, "Must be an event type such as `order.paid`, or a pattern such as `order.*`.");
export const uuid = z.uuid().meta({ examples: ["0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11"] });

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
    detail: z.string().meta({ description: "What happened, where, and the cure" }),
    code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
    request_id: z.string(),
    retry_after: z.int().optional().meta({ description: "Seconds to wait, as in the Retry-After header" }),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: "Problem", description: "An error (RFC 9457)" });

export const PROBLEM_TYPE = "application/problem+json";

/** Response entries for the errors a route may answer with, by status, besides those every route may. */
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

/** Adds errors to the response entries of a route that does not have them yet. */
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

export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    object: z.literal("list"),
    data: z.array(item),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  });
}

/** For lists whose filters no index serves. */
export const SPARSE_LIST =
  "With filters, a page looks at a bounded part of the list: it may hold fewer objects than `limit`, even none, and still say `has_more`. Go on with `next_cursor`.";

const PAGE_SIZE = 50;
const PAGE_SIZE_MAX = 100;

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(PAGE_SIZE_MAX).default(PAGE_SIZE),
  cursor: z.string().min(1).max(500).optional(),
};

export const IdParams = z.object({ id: uuid });
