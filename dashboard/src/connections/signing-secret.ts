import { randomBase64 } from "../text/random-base64.ts";

const SECRET_BYTES = 32;

/** A new signing secret in the Standard Webhooks format: `whsec_` and 32 random bytes in base64. */
export function newSigningSecret(): string {
  return `whsec_${randomBase64(SECRET_BYTES)}`;
}
