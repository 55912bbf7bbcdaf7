import { createHmac, type Hmac } from "node:crypto";
import { deriveKey } from "../crypto/derive-key.ts";
import { equalInConstantTime } from "../crypto/keyring.ts";

/** Everything but the body that makes a request the same as an earlier one. */
export type DigestedRequest = {
  readonly method: string;
  /** The pattern, so that every spelling of a path is the same route. */
  readonly route: string;
  /** The parameters of the path: a retry of another delivery is a different request. */
  readonly params: Readonly<Record<string, string>>;
};

/** The returned HMAC takes the exact bytes of the body; its hexadecimal form is the digest. */
export type BeginDigest = (request: DigestedRequest) => Hmac;

/**
 * Digests that identify a repeated request. They are keyed, since bodies contain secrets that could be guessed from a
 * plain hash. The key is derived from the session secret, since the sealing key can be rotated between a request and
 * its repeat.
 */
export function createRequestDigest(sessionSecret: string): BeginDigest {
  const key = deriveKey(sessionSecret, "idempotency");
  return ({ method, route, params }) => {
    const named = Object.entries(params).toSorted(([a], [b]) => (a < b ? -1 : 1));
    // JSON contains no raw line break, so the body begins after it.
    const head = `${JSON.stringify([method, route, named])}\n`;
    return createHmac("sha256", key).update(head);
  };
}

export function isSameRequest(a: { readonly digest: string }, b: { readonly digest: string }): boolean {
  return equalInConstantTime(a.digest, b.digest);
}
