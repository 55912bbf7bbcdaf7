import type { PeerCertificate } from "node:tls";
import type { SendFailureCode } from "../domain/outcome.ts";

/** A certificate alone, whose issuer was neither sent nor trusted. */
const ISSUER_OF_LEAF_MISSING = "UNABLE_TO_VERIFY_LEAF_SIGNATURE";
/** Where to fetch the issuer (RFC 5280, section 4.2.2.1). */
const ISSUER_ADDRESS = "CA Issuers - URI";

/**
 * Distinguishes a certificate sent without its intermediates from one of an untrusted authority, since OpenSSL reports
 * both alike. Certificates of public authorities say where to find their issuer. A certificate that does not comes from
 * a private authority, and counts as incomplete only if the operator trusts private ones. Null for any other error.
 */
export function issuerProblem(
  cause: unknown,
  leaf: Pick<PeerCertificate, "infoAccess"> | undefined,
  trustsOwnAuthorities: () => boolean,
): SendFailureCode | null {
  if (cause !== ISSUER_OF_LEAF_MISSING) return null;
  const isPublic = leaf?.infoAccess?.[ISSUER_ADDRESS] !== undefined;
  return isPublic || trustsOwnAuthorities() ? "tls_incomplete_chain" : "tls_unknown_ca";
}
