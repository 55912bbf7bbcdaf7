/** Why a mail server rejected a mail, worded for display. Contains nothing of the login. */
export type MailFailure = {
  readonly code:
    | "mail_not_configured"
    | "mail_server_unreachable"
    | "mail_timeout"
    | "mail_tls_failed"
    | "mail_login_refused"
    | "mail_refused"
    | "mail_deferred"
    | "mail_queue_full"
    | "mail_expired"
    | "mail_failed";
  readonly message: string;
  /** Whether a retry of the same mail must fail too. */
  readonly isPermanent: boolean;
};

const SERVER_WORDS_LENGTH_MAX = 200;

/** The parts of nodemailer's errors that are read here. */
type SmtpError = { readonly code?: unknown; readonly responseCode?: unknown; readonly response?: unknown };

/**
 * Describes a failure. Includes the server's own words when it judged the mail, but not in response to the login, which
 * a server could repeat.
 */
export function describeMailFailure(error: unknown): MailFailure {
  const { code, responseCode, response } = (error ?? {}) as SmtpError;
  const status = typeof responseCode === "number" ? responseCode : null;
  const responded = status === null ? "" : ` (${status})`;
  switch (code) {
    case "EAUTH":
    case "ENOAUTH":
      return failure(
        "mail_login_refused",
        `The mail server refused the login${responded}. Check user and password in OPENSEND_SMTP_URL.`,
      );
    case "ETLS":
      return failure(
        "mail_tls_failed",
        "No TLS connection to the mail server: it offers no STARTTLS, or its certificate is not trusted.",
      );
    case "ETIMEDOUT":
      return timedOut();
    case "EDNS":
    case "ESOCKET":
    case "ECONNECTION":
      return failure("mail_server_unreachable", isTlsFault(error) ? TLS_FAULT : UNREACHABLE);
  }
  if (status === null) return failure("mail_failed", "The mail server did not take the mail.");
  const words = typeof response === "string" ? readable(response) : `${status}`;
  if (status >= 500)
    return { ...failure("mail_refused", `The mail server refused the mail: ${words}`), isPermanent: true };
  return failure("mail_deferred", `The mail server asks to try later: ${words}`);
}

export function timedOut(): MailFailure {
  return failure("mail_timeout", "The mail server did not respond in time.");
}

export const NOT_CONFIGURED: MailFailure = {
  code: "mail_not_configured",
  message: "This server sends no mail: OPENSEND_SMTP_URL is not set.",
  isPermanent: true,
};

const UNREACHABLE = "The mail server cannot be reached. Check host and port in OPENSEND_SMTP_URL.";
const TLS_FAULT =
  "The TLS connection to the mail server failed: its certificate is not trusted, or the port does not speak TLS. Check scheme and port in OPENSEND_SMTP_URL, and name a private CA in NODE_EXTRA_CA_CERTS.";

/** Detects an untrusted certificate, and a server that does not speak TLS. */
function isTlsFault(error: unknown): boolean {
  return /certificate|self.signed|SSL|TLS|altname/i.test(error instanceof Error ? error.message : "");
}

function failure(code: MailFailure["code"], message: string): MailFailure {
  return { code, message, isPermanent: false };
}

function readable(words: string): string {
  return words.replaceAll(/[\p{Cc}\p{Cf}]+/gu, " ").slice(0, SERVER_WORDS_LENGTH_MAX);
}
