const STANDARD_PREFIX = "whsec_";
/** RFC 4648, section 4: padded, without spaces. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The key bytes. */
export type SecretKey = Uint8Array<ArrayBuffer>;

/** The key of `x-opensend-signature`: the secret's text. */
export function textKeyOf(secret: string): SecretKey {
  return new TextEncoder().encode(secret);
}

/**
 * The key of `webhook-signature`: the bytes encoded in a `whsec_` secret, otherwise its text (Standard Webhooks 1.0.0).
 */
export function standardKeyOf(secret: string): SecretKey {
  if (!secret.startsWith(STANDARD_PREFIX)) return textKeyOf(secret);
  const encoded = secret.slice(STANDARD_PREFIX.length);
  if (encoded === "" || !BASE64.test(encoded)) {
    throw new TypeError("`secret` starts with whsec_ but does not continue with base64. Copy all of it.");
  }
  return Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
}

/** Whether a signature is the HMAC-SHA256 of a text. Takes constant time. */
export async function verifiesWith(
  bytes: SecretKey,
  signature: Uint8Array<ArrayBuffer>,
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes, algorithm, false, ["verify"]);
  return crypto.subtle.verify("HMAC", key, signature, signed);
}
