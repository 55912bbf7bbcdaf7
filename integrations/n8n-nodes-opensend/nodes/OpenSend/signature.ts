import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const PREFIX = "whsec_";
const KEY_BYTES = 32;
const TOLERANCE_S = 5 * 60;

type Headers = Readonly<Record<string, string | string[] | undefined>>;

export function newSigningSecret(): string {
  return PREFIX + randomBytes(KEY_BYTES).toString("base64");
}

/**
 * Whether a body is recent and signed according to Standard Webhooks 1.0.0, with a secret from `newSigningSecret`.
 */
export function isSigned(headers: Headers, body: Buffer, secret: string, nowS = Date.now() / 1000): boolean {
  const id = String(headers["webhook-id"] ?? "");
  const timestamp = String(headers["webhook-timestamp"] ?? "");
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(nowS - Number(timestamp)) > TOLERANCE_S) return false;
  const key = Buffer.from(secret.slice(PREFIX.length), "base64");
  const signed = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
  return String(headers["webhook-signature"] ?? "")
    .split(" ")
    .filter((entry) => entry.startsWith("v1,"))
    .map((entry) => Buffer.from(entry.slice(3), "base64"))
    .some((given) => given.length === signed.length && timingSafeEqual(given, signed));
}
