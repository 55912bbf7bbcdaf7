import { isVerifiableSecret, SIGNING_SECRET_RULE } from "../../../src/domain/signing-secret.ts";
import { findUrlMistake, URL_MISTAKES } from "../../../src/domain/url-mistake.ts";
import { lineChecks } from "../forms/line.ts";
import { z } from "../forms/schema.ts";
import { parseUrl } from "./receiver.ts";

const URL_LENGTH_MAX = 2048;
export const NAME_LENGTH_MAX = 255;
const SECRET_LENGTH_MAX = 512;

function problemOfUrl(text: string): string | null {
  const slip = findUrlMistake(text);
  if (slip !== null) return URL_MISTAKES[slip];
  const isWebUrl = /^https?:$/.test(parseUrl(text)?.protocol ?? "");
  return text === "" || isWebUrl ? null : "Enter a whole URL that starts with https://.";
}

export const urlChecks = [
  z.trim(),
  z.maxLength(URL_LENGTH_MAX, `Use at most ${URL_LENGTH_MAX} characters.`),
  z.check<string>(({ value, issues }) => {
    const message = problemOfUrl(value);
    if (message !== null) issues.push({ code: "custom", message, input: value });
  }),
] as const;

export const secret = z
  .string()
  .check(
    z.maxLength(SECRET_LENGTH_MAX, `Use at most ${SECRET_LENGTH_MAX} characters.`),
    z.refine<string>(isVerifiableSecret, SIGNING_SECRET_RULE),
  );

export const connectSchema = z.object({
  webhook_url: z.string().check(...urlChecks, z.minLength(1, "Enter the webhook URL.")),
  name: z.string().check(...lineChecks(NAME_LENGTH_MAX)),
  signing_secret: secret,
  /** Empty means all event types. */
  event_types: z.array(z.string()),
});

export type ConnectValues = z.infer<typeof connectSchema>;
