export const STANDARD_WEBHOOKS_PREFIX = "whsec_";

/** The rule for a signing secret that begins with `whsec_`, with the fix. */
export const SIGNING_SECRET_RULE =
  'A secret that starts with whsec_ must continue with 24 to 64 bytes in base64, with padding and nothing else, or no Standard Webhooks library accepts it. Create one with: echo "whsec_$(openssl rand -base64 32)". Or use a secret without whsec_.';

/** Canonical base64 (RFC 4648, section 3.5): padded, with zero padding bits in the last character. */
const CANONICAL_BASE64 =
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/;

/** Standard Webhooks 1.0.0, "Symmetric". */
const KEY_BYTES_MIN = 24;
const KEY_BYTES_MAX = 64;

/**
 * In another case, in quotes or after white space the prefix is still meant, but the libraries accept none of these.
 */
const MEANS_PREFIX = /^[\s\p{C}\p{Default_Ignorable_Code_Point}"'`]*whsec_/iu;

/** Whether receivers can verify with a signing secret: any without the prefix, and those that follow the rule. */
export function isVerifiableSecret(secret: string): boolean {
  if (!MEANS_PREFIX.test(secret)) return true;
  if (!secret.startsWith(STANDARD_WEBHOOKS_PREFIX)) return false;
  const written = secret.slice(STANDARD_WEBHOOKS_PREFIX.length);
  const keyBytes = (written.length / 4) * 3 - (/=*$/.exec(written)?.[0].length ?? 0);
  return CANONICAL_BASE64.test(written) && keyBytes >= KEY_BYTES_MIN && keyBytes <= KEY_BYTES_MAX;
}
