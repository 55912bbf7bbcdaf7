import tls from "node:tls";

export type TrustedAuthorities = {
  readonly count: number;
  /** The part of `count` that was read from the file NODE_EXTRA_CA_CERTS. */
  readonly extra: number;
};

/** The certificate authorities that receivers are verified with. */
export function readTrustedAuthorities(): TrustedAuthorities {
  return {
    count: tls.getCACertificates("default").length,
    extra: tls.getCACertificates("extra").length,
  };
}

/** Whether an operator added authorities to those that come with Node. */
export function trustsOwnAuthorities(): boolean {
  return tls.getCACertificates("default").length > tls.getCACertificates("bundled").length;
}
