import tls from "node:tls";

export type TrustedAuthorities = {
  readonly count: number;
  /** Of `count`, those read from the file that NODE_EXTRA_CA_CERTS names. */
  readonly extra: number;
};

/** Which certificate authorities receivers are verified with. */
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
