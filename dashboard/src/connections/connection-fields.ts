import { isVerifiableSecret, SIGNING_SECRET_RULE } from "../../../src/domain/signing-secret.ts";
import { z } from "../forms/schema.ts";
import { parseUrl } from "./receiver.ts";

const URL_LENGTH_MAX = 2048;
export const NAME_LENGTH_MAX = 255;
const SECRET_LENGTH_MAX = 512;

const isWebUrl = (text: string) => /^https?:$/.test(parseUrl(text)?.protocol ?? "");

export const urlChecks = [
  z.trim(),
  z.maxLength(URL_LENGTH_MAX, `Use at most ${URL_LENGTH_MAX} characters.`),
  z.refine<string>((text) => text === "" || isWebUrl(text), "Enter a whole URL that starts with https://."),
] as const;

export const secret = z
  .string()
  .check(
    z.maxLength(SECRET_LENGTH_MAX, `Use at most ${SECRET_LENGTH_MAX} characters.`),
    z.refine<string>(isVerifiableSecret, SIGNING_SECRET_RULE),
  );

export const connectSchema = z.object({
  webhook_url: z.string().check(...urlChecks, z.minLength(1, "Enter the webhook URL.")),
  name: z
    .string()
    .check(z.trim(), z.maxLength(NAME_LENGTH_MAX, `Use at most ${NAME_LENGTH_MAX} characters.`)),
  signing_secret: secret,
});

export type ConnectValues = z.infer<typeof connectSchema>;
