import { isSuccess, type Outcome, type SendFailureCode } from "./outcome.ts";

/** The party at fault for an attempt's outcome; `none` means delivered. */
export type Fault = "none" | "receiver" | "message" | "ours";

const BY_FAILURE: Readonly<Record<SendFailureCode, Exclude<Fault, "none">>> = {
  dns_not_found: "receiver",
  dns_failed: "receiver",
  dns_timeout: "receiver",
  dns_busy: "ours",
  blocked_address: "receiver",
  blocked_url: "receiver",
  connection_refused: "receiver",
  connection_reset: "receiver",
  unreachable: "receiver",
  timeout: "receiver",
  tls_expired: "receiver",
  tls_not_yet_valid: "receiver",
  tls_self_signed: "receiver",
  tls_wrong_name: "receiver",
  tls_incomplete_chain: "receiver",
  tls_unknown_ca: "receiver",
  tls_failed: "receiver",
  invalid_response: "receiver",
  response_too_large: "receiver",
  proxy_failed: "ours",
  credentials_unreadable: "ours",
  interrupted: "ours",
  internal_error: "ours",
};

/** Request Timeout and Too Many Requests: the receiver cannot keep up, whatever the message is. */
const OVERLOADED_STATUSES = [408, 429];

/**
 * The fault behind an outcome. Only a fault of the receiver says anything about its other deliveries. A rejected
 * message (3xx or 4xx) concerns that message alone, and a fault of ours must never count against the receiver.
 */
export function faultOf(outcome: Outcome): Fault {
  if (outcome.kind === "failure") return BY_FAILURE[outcome.failure.code];
  if (isSuccess(outcome)) return "none";
  const { status } = outcome.response;
  const isRejection = status >= 300 && status < 500 && !OVERLOADED_STATUSES.includes(status);
  return isRejection ? "message" : "receiver";
}
