import { EVENT_TYPE_PATTERNS } from "../../domain/event-type-pattern.ts";
import { isUuid } from "../../domain/id.ts";
import { UsageError } from "../command-error.ts";

const UNITS_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const LIMIT_MAX = 100_000;

export const TIME_HELP = "a time such as 2026-06-06T08:00:00Z, or how long ago, such as 15m, 2h or 7d";

/** The time that an option gives, in the form the API takes. @throws {UsageError} */
export function readTime(option: string, text: string | undefined, now = Date.now()): string | undefined {
  if (text === undefined) return undefined;
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count !== undefined) {
    const before = now - Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
    return new Date(Math.max(0, before)).toISOString();
  }
  if (/^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text))) return new Date(text).toISOString();
  throw new UsageError(`${option} must be ${TIME_HELP}.`);
}

/** @throws {UsageError} */
export function readLimit(text: string): number {
  const limit = Number(text);
  if (!/^\d{1,6}$/.test(text) || limit < 1 || limit > LIMIT_MAX) {
    throw new UsageError(`--limit must be a whole number from 1 to ${LIMIT_MAX}.`);
  }
  return limit;
}

/** Comma-separated event types and patterns in one argument. @throws {UsageError} */
export function readEventTypes(option: string, text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const types = text.split(",").map((type) => type.trim());
  if (EVENT_TYPE_PATTERNS.test(types.join(","))) return [...new Set(types)];
  throw new UsageError(
    `${option} must be event types such as order.paid and patterns such as order.*, separated by commas.`,
  );
}

/** @throws {UsageError} */
export function requireUuid(what: string, text: string): string {
  if (isUuid(text)) return text.toLowerCase();
  throw new UsageError(`${what} must be a UUID, as lists show it.`);
}
