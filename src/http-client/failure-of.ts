import { errors } from "undici";
import type { SendFailure, SendFailureCode, SendStage } from "../domain/outcome.ts";
import { HEADERS_TOO_LARGE } from "./read-limits.ts";
import { SendError } from "./send-error.ts";

/** The request itself cannot be written: a mistake of the caller, not of the network. */
const CALLER_MISTAKES = new Set([
  "UND_ERR_INVALID_ARG",
  "UND_ERR_NOT_SUPPORTED",
  "UND_ERR_REQ_CONTENT_LENGTH_MISMATCH",
]);

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
  SELF_SIGNED_CERT_IN_CHAIN: "tls_self_signed",
  ERR_TLS_CERT_ALTNAME_INVALID: "tls_wrong_name",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "tls_incomplete_chain",
  UNABLE_TO_GET_ISSUER_CERT: "tls_incomplete_chain",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "tls_incomplete_chain",
  UND_ERR_HEADERS_OVERFLOW: "response_too_large",
  UND_ERR_DESTROYED: "interrupted",
  UND_ERR_CLOSED: "interrupted",
};

/** undici's codes for an answer that is not whole: the receiver hung up, or what came is not HTTP. */
const ANSWER_CUT = new Set(["UND_ERR_SOCKET", "UND_ERR_RES_CONTENT_LENGTH_MISMATCH"]);

/** What a code without a meaning of its own comes to at each stage. */
const BY_STAGE: Readonly<Record<SendStage, SendFailureCode>> = {
  dns: "dns_failed",
  connect: "unreachable",
  tls: "tls_failed",
  first_byte: "connection_reset",
  body: "connection_reset",
};

/** Of several addresses that failed, the answer that says most: someone refused, then silence, then no route. */
const MOST_TELLING = ["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT"];

/**
 * Why a request failed, judged by error codes alone. `peerEnded` says whether the receiver closed its side first.
 * Null when the cause lies not in the network or the receiver but in the request or in this program.
 */
export function failureOf(error: unknown, stage: SendStage, peerEnded: boolean): SendFailure | null {
  if (error instanceof SendError) {
    const { failureCode: code, detail } = error;
    return detail === undefined ? { code, stage } : { code, stage, detail };
  }
  // Has no code of its own (undici 8.12).
  if (error instanceof errors.HTTPParserError) {
    return { code: peerEnded ? "connection_reset" : "invalid_response", stage };
  }
  const cause = codeOf(error);
  if (cause === null || CALLER_MISTAKES.has(cause)) return null;
  const code = failureCodeOf(cause, stage, peerEnded);
  if (code === "response_too_large") return { code, stage, detail: HEADERS_TOO_LARGE };
  return cause.startsWith("UND_ERR_") ? { code, stage } : { code, stage, detail: cause };
}

function failureCodeOf(cause: string, stage: SendStage, peerEnded: boolean): SendFailureCode {
  const known = BY_CODE[cause];
  if (known !== undefined) return known;
  if (ANSWER_CUT.has(cause)) return peerEnded ? "connection_reset" : "invalid_response";
  // OpenSSL's own errors also come after the handshake: TLS 1.3 asks for a client certificate that late.
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
