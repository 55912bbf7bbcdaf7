/** The result of checking a request's signatures. */
export type SignatureVerdict = {
  readonly code: SignatureVerdictCode;
  /** The header that decided the verdict; null when none did. */
  readonly header: SignatureHeader | null;
  /** The secret with which the signature is valid; null when there is none. */
  readonly secret: CheckedSecret | null;
};

export const SIGNATURE_VERDICT_CODES = [
  "valid",
  "unsigned",
  "no_secret",
  "secret_unreadable",
  "malformed_header",
  "stale_timestamp",
  "other_secret",
  "mismatch",
] as const;
export type SignatureVerdictCode = (typeof SIGNATURE_VERDICT_CODES)[number];

export const SIGNATURE_HEADERS = [
  "x-opensend-signature",
  "x-opensend-signature-previous",
  "x-opensend-timestamp",
  "webhook-signature",
  "webhook-timestamp",
  "webhook-id",
] as const;
export type SignatureHeader = (typeof SIGNATURE_HEADERS)[number];

/** The connection's secret, the previous one during a rotation, or one that was entered for verification. */
export const CHECKED_SECRETS = ["connection", "previous", "own"] as const;
export type CheckedSecret = (typeof CHECKED_SECRETS)[number];

/** Maximum difference between the clocks of sender and receiver (Standard Webhooks 1.0.0, "Verifying timestamps"). */
export const TIMESTAMP_TOLERANCE_S = 300;

export type VerdictText = { readonly title: string; readonly detail: string; readonly action: string };

const SECRET_NAMES: Record<CheckedSecret, string> = {
  connection: "the connection's signing secret",
  previous: "the signing secret before the rotation",
  own: "the secret you entered",
};

/** Explains a verdict and what to do about it; the action is empty when there is nothing to do. */
export function explainVerdict({ code, header, secret }: SignatureVerdict): VerdictText {
  switch (code) {
    case "valid":
      return {
        title: "Signature valid",
        detail: `${header ?? "The signature"} was created with ${SECRET_NAMES[secret ?? "connection"]} for exactly this body.`,
        action:
          secret === "previous"
            ? "Give the receiver the new secret before the rotation ends, when this one stops signing."
            : "",
      };
    case "unsigned":
      return {
        title: "Not signed",
        detail: "The request has no signature header: the connection had no signing secret when it was sent.",
        action: "Add a signing secret in the connection's settings, then send again.",
      };
    case "no_secret":
      return {
        title: "No secret to verify with",
        detail: "The request is signed, but the connection no longer has a signing secret.",
        action: "Enter a secret to verify with, or add one in the connection's settings.",
      };
    case "secret_unreadable":
      return {
        title: "The secret cannot be opened",
        detail: "The verification secret is encrypted with a key this server does not have.",
        action: "Enter the secret again, or use the connection's secret.",
      };
    case "malformed_header":
      return {
        title: "A header is malformed",
        detail: `${header ?? "A signature header"} is missing or malformed, so the signature cannot be verified.`,
        action: "Check for a proxy that rewrites headers between sender and receiver.",
      };
    case "stale_timestamp":
      return {
        title: "Timestamp too far off",
        detail: `The signature is valid, but ${header ?? "its timestamp"} is more than five minutes from the receiver's clock. Receivers reject such requests to prevent replay attacks.`,
        action: "Synchronize both clocks (NTP), then send again.",
      };
    case "other_secret":
      return {
        title: "Signed with a different secret",
        detail:
          "The request is intact and was signed with the connection's secret, not with the one it is verified with.",
        action: "Give the receiver the connection's signing secret, or rotate it and copy the new one.",
      };
    case "mismatch":
      return {
        title: "Signature invalid",
        detail:
          "The signature matches neither the verification secret nor the connection's secret: the body was changed on the way, or the secret has since been replaced.",
        action: "Verify the raw bytes before parsing them, and send again.",
      };
  }
}
