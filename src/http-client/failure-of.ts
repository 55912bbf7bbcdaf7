import type { SendFailure, SendFailureCode, SendStage } from "../domain/outcome.ts";
import { SendError } from "./send-error.ts";

const BY_CODE: Readonly<Record<string, SendFailureCode>> = {
  ENOTFOUND: "dns_not_found",
  ENODATA: "dns_not_found",
  ETIMEOUT: "dns_timeout",
  ECONNREFUSED: "connection_refused",
  ECONNRESET: "connection_reset",
  ECONNABORTED: "connection_reset",
  EPIPE: "connection_reset",
  ETIMEDOUT: "timeout",
  CERT_HAS_EXPIRED: "tls_expired",
  CERT_NOT_YET_VALID: "tls_not_yet_valid",
  DEPTH_ZERO_SELF_SIGNED_CERT: "tls_self_signed",
  SELF_SIGNED_CERT_IN_CHAIN: "tls_unknown_ca",
  ERR_TLS_CERT_ALTNAME_INVALID: "tls_wrong_name",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "tls_incomplete_chain",
  UNABLE_TO_GET_ISSUER_CERT: "tls_unknown_ca",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "tls_unknown_ca",
};

/** The failure code at each stage for causes without a code of their own. */
const BY_STAGE: Readonly<Record<SendStage, SendFailureCode>> = {
  dns: "dns_failed",
  connect: "unreachable",
  tls: "tls_failed",
  first_byte: "connection_reset",
  body: "connection_reset",
};

/** The most telling error of several addresses: a refusal, then silence, then no route. */
const MOST_TELLING = ["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT"];

/**
 * Classifies a failed request by error codes alone. Null if the fault is in this program, not in the network or the
 * receiver.
 */
export function failureOf(error: unknown, stage: SendStage): SendFailure | null {
  if (error instanceof SendError) {
    const { failureCode: code, detail } = error;
    return detail === undefined ? { code, stage } : { code, stage, detail };
  }
  const cause = codeOf(error);
  return cause === null ? null : { code: failureCodeOf(cause, stage), stage, detail: cause };
}

function failureCodeOf(cause: string, stage: SendStage): SendFailureCode {
  const known = BY_CODE[cause];
  if (known !== undefined) return known;
  // OpenSSL's own errors can follow the handshake, since TLS 1.3 requests a client certificate that late.
  if (cause.startsWith("ERR_SSL_") || cause === "EPROTO") return "tls_failed";
  return BY_STAGE[stage];
}

function codeOf(error: unknown): string | null {
  if (error instanceof AggregateError) {
    const codes = error.errors.map(codeOf);
    return MOST_TELLING.find((code) => codes.includes(code)) ?? codes[0] ?? null;
  }
  if (!(error instanceof Error) || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}
