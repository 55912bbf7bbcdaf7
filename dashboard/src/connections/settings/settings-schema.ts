import {
  CONCURRENCY_MAX,
  RATE_LIMIT_PER_MINUTE_MAX,
  TIMEOUT_SECONDS_MAX,
} from "../../../../src/domain/connection.ts";
import { EVENT_TYPE_LENGTH_MAX, EVENT_TYPE_PATTERN } from "../../../../src/domain/event-type-pattern.ts";
import { lineChecks } from "../../forms/line.ts";
import { z } from "../../forms/schema.ts";
import { NAME_LENGTH_MAX, secret, urlChecks } from "../connection-fields.ts";
import type { HeaderDraft } from "../header-draft.ts";

const DESCRIPTION_LENGTH_MAX = 1000;

const isWholeNumber = (text: string, max: number) =>
  /^\d{1,9}$/.test(text) && Number(text) >= 1 && Number(text) <= max;

export const settingsSchema = z
  .object({
    name: z.string().check(...lineChecks(NAME_LENGTH_MAX), z.minLength(1, "Enter a name.")),
    description: z.string().check(...lineChecks(DESCRIPTION_LENGTH_MAX)),
    webhook_url: z.string().check(...urlChecks),
    signing_secret: secret,
    receives: z.enum(["all", "some"]),
    event_types: z.string(),
    order: z.enum(["fast", "strict"]),
    concurrency: z.string().check(
      z.trim(),
      z.refine<string>(
        (text) => isWholeNumber(text, CONCURRENCY_MAX),
        `Enter a whole number from 1 to ${CONCURRENCY_MAX}.`,
      ),
    ),
    rate_limit_per_minute: z.string().check(
      z.trim(),
      z.refine<string>(
        (text) => text === "" || isWholeNumber(text, RATE_LIMIT_PER_MINUTE_MAX),
        `Enter a whole number from 1 to ${RATE_LIMIT_PER_MINUTE_MAX.toLocaleString("en")}, or leave it empty.`,
      ),
    ),
    timeout_seconds: z.string().check(
      z.trim(),
      z.refine<string>(
        (text) => isWholeNumber(text, TIMEOUT_SECONDS_MAX),
        `Enter a whole number from 1 to ${TIMEOUT_SECONDS_MAX}.`,
      ),
    ),
    /** Checked on save, by what is fetched with the first header. */
    headers: z.array(z.custom<HeaderDraft>()),
  })
  .check((context) => {
    const { receives, event_types } = context.value;
    if (receives === "all") return;
    const message = problemOfPatterns(event_types);
    if (message !== null) {
      context.issues.push({ code: "custom", message, path: ["event_types"], input: event_types });
    }
  });

export type SettingsValues = z.infer<typeof settingsSchema>;

/** Event types as a person writes them, one a line; commas and spaces part them too. */
export function patternsOf(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((pattern) => pattern !== ""))];
}

function problemOfPatterns(text: string): string | null {
  const patterns = patternsOf(text);
  if (patterns.length === 0) return "Enter at least one event type.";
  const wrong = patterns.find(
    (pattern) => pattern.length > EVENT_TYPE_LENGTH_MAX || !EVENT_TYPE_PATTERN.test(pattern),
  );
  return wrong === undefined
    ? null
    : `“${wrong}” is not an event type. Write order.paid, or order.* for every type that starts with order.`;
}
