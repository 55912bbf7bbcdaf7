/** The stages of a request in order; a failure has the one at which the request stopped. */
export type SendStage = "dns" | "connect" | "tls" | "first_byte" | "body";

/**
 * Reasons why no usable response arrived. Each code has one meaning and one explanation (`explain-failure.ts`);
 * decisions about a delivery depend on the code, never on a message.
 */
export const SEND_FAILURE_CODES = [
  "dns_not_found",
  "dns_failed",
  "dns_timeout",
  "dns_busy",
  "blocked_address",
  "blocked_url",
  "connection_refused",
  "connection_reset",
  "unreachable",
  "timeout",
  "tls_expired",
  "tls_not_yet_valid",
  "tls_self_signed",
  "tls_wrong_name",
  "tls_incomplete_chain",
  "tls_unknown_ca",
  "tls_failed",
  "invalid_response",
  "response_too_large",
  "proxy_failed",
  "credentials_unreadable",
  "interrupted",
  "internal_error",
] as const;
export type SendFailureCode = (typeof SEND_FAILURE_CODES)[number];

/** The current stage of an attempt; `done` from its end until it is recorded. */
export type AttemptStage = SendStage | "done";

/** Milliseconds each stage took; null when the stage was not reached or not needed (a kept-alive socket). */
export type Timings = {
  readonly dns: number | null;
  readonly connect: number | null;
  readonly tls: number | null;
  /** Part of `first_byte`: writing the request, until the operating system has accepted all of it. */
  readonly sent: number | null;
  readonly first_byte: number | null;
  readonly total: number;
};

/** Timings with the wait from the due time to the start of the attempt; null when it was not recorded. */
export type AttemptTimings = Timings & { readonly queued: number | null };

/** Called when a request enters a stage, with the timings of the stages before it; `total` is the time so far. */
export type OnStage = (stage: AttemptStage, timings: Timings) => void;

export type ReceivedResponse = {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Readonly<Record<string, string>>;
  /** At most the first 16 KiB, without content codings, decoded by its charset. */
  readonly body: string;
  readonly truncated: boolean;
};

export type SendFailure = {
  readonly code: SendFailureCode;
  readonly stage: SendStage;
  /** A public detail such as the certificate's reason; never a URL, path or credential. */
  readonly detail?: string;
};

/** The outcome of one HTTP request: a response, or a failure before there was one. */
export type Outcome =
  | { readonly kind: "response"; readonly response: ReceivedResponse; readonly timings: Timings }
  | { readonly kind: "failure"; readonly failure: SendFailure; readonly timings: Timings };

/** Only a 2xx is success (Standard Webhooks 1.0.0, "Deliverability and reliability"). */
export function isSuccess(outcome: Outcome): boolean {
  return outcome.kind === "response" && outcome.response.status >= 200 && outcome.response.status < 300;
}
