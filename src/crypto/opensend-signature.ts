import { createHmac } from "node:crypto";

/**
 * `x-opensend-signature`: lower-case hexadecimal HMAC-SHA256 over `<timestamp>.<raw-json-body>`, keyed with the
 * UTF-8 bytes of the signing secret as it was entered. `timestamp` is in Unix seconds.
 */
export function opensendSignature(secret: string, timestamp: number, body: string): string {
  return createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
}
