export type SignatureErrorCode =
  /** A header is missing. */
  | "missing_header"
  /** A header does not have OpenSend's format. */
  | "malformed_header"
  /** The request is too old, or the receiver's clock is wrong. */
  | "stale_timestamp"
  /** The body was changed, or signed with another secret. */
  | "mismatch"
  /** The signature is valid, but the body is not an event. */
  | "malformed_body";

const MESSAGES: Readonly<Record<SignatureErrorCode, string>> = {
  missing_header: "A signature header is missing. Check that the connection has a signing secret.",
  malformed_header: "A signature header is malformed.",
  stale_timestamp: "The timestamp is too old or too far ahead. Check the clock of this machine.",
  mismatch: "The signature does not match. Check the secret, and verify the body before anything parses it.",
  malformed_body: "The body is not an event of OpenSend.",
};

/** The request is not from your OpenSend: respond with 401. */
export class SignatureError extends Error {
  override readonly name = "SignatureError";
  readonly code: SignatureErrorCode;

  constructor(code: SignatureErrorCode) {
    super(MESSAGES[code]);
    this.code = code;
  }
}
