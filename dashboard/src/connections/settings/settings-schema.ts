import {
  CONCURRENCY_MAX,
  RATE_LIMIT_PER_MINUTE_MAX,
  TIMEOUT_SECONDS_MAX,
} from "../../../../src/domain/connection.ts";
import { EXTERNAL_ID, EXTERNAL_ID_LENGTH_MAX } from "../../../../src/domain/connection-labels.ts";
import { problemOfPatterns } from "../../forms/event-type-patterns.ts";
import { lineChecks } from "../../forms/line.ts";
import { z } from "../../forms/schema.ts";
import { NAME_LENGTH_MAX, secret, urlChecks } from "../connection-fields.ts";
import type { HeaderDraft } from "../header-draft.ts";
import { readMetadata } from "./metadata-text.ts";

const DESCRIPTION_LENGTH_MAX = 1000;

const isWholeNumber = (text: string, max: number) =>
  /^\d{1,9}$/.test(text) && Number(text) >= 1 && Number(text) <= max;

export const settingsSchema = z
  .object({
    name: z.string().check(...lineChecks(NAME_LENGTH_MAX), z.minLength(1, "Enter a name.")),
    description: z.string().check(...lineChecks(DESCRIPTION_LENGTH_MAX)),
    external_id: z.string().check(
      z.trim(),
      z.maxLength(EXTERNAL_ID_LENGTH_MAX, `Use at most ${EXTERNAL_ID_LENGTH_MAX} characters.`),
      z.refine<string>(
        (text) => text === "" || EXTERNAL_ID.test(text),
        "Use letters, digits and . _ : ~ -, starting with a letter, a digit or _.",
      ),
    ),
    metadata: z.string().check(
      z.check<string>(({ value, issues }) => {
        const read = readMetadata(value);
        if ("problem" in read) issues.push({ code: "custom", message: read.problem, input: value });
      }),
    ),
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
    /** Validated on save, by code that loads with the first header. */
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
