import { createHmac, type Hmac } from "node:crypto";
import { deriveKey } from "../crypto/derive-key.ts";
import { equalInConstantTime } from "../crypto/keyring.ts";

/** All that makes a request the same as an earlier one, but for its body. */
export type DigestedRequest = {
  readonly method: string;
  /** The pattern, so that every spelling of a path is one route. */
  readonly route: string;
  /** What the path names: a retry of another delivery is another request. */
  readonly params: Readonly<Record<string, string>>;
};

/** What it returns wants the body, as it is received, to the byte; in hexadecimal it is the digest. */
export type BeginDigest = (request: DigestedRequest) => Hmac;

/**
 * Digests by which a repeated request is recognized. They are keyed, since bodies hold secrets that a plain hash could be
 * tested against. The key follows from the session secret: the sealing key may be rotated between a request and its repeat.
 */
export function createRequestDigest(sessionSecret: string): BeginDigest {
  const key = deriveKey(sessionSecret, "idempotency");
  return ({ method, route, params }) => {
    const named = Object.entries(params).toSorted(([a], [b]) => (a < b ? -1 : 1));
    // JSON has no line break of its own, so the body begins where it ends.
    const head = `${JSON.stringify([method, route, named])}\n`;
    return createHmac("sha256", key).update(head);
  };
}

export function isSameRequest(a: { readonly digest: string }, b: { readonly digest: string }): boolean {
  return equalInConstantTime(a.digest, b.digest);
}
