import { REQUEST_ERRORS } from "./request-errors.ts";

/**
 * Every error that the API returns (RFC 9457). One row gives the status, the title and the documentation page
 * (`docs/errors/<code>.md`, served at `/docs/errors/<code>`); the `detail` of a response says what happened where.
 */
export const ERRORS = {
  ...REQUEST_ERRORS,
  invalid_id: {
    status: 400,
    title: "The id is not a UUID",
    cause: "Ids of OpenSend are UUIDs such as 0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11.",
    fix: "Copy the id from a response or from the dashboard's address bar.",
  },
  invalid_cursor: {
    status: 400,
    title: "The cursor is not valid",
    cause:
      "A cursor is valid only for the list that returned it. This one was cut, changed or taken from another list.",
    fix: "Pass `next_cursor` of the previous page unchanged, or leave `cursor` out to start at the first page.",
  },
  idempotency_not_supported: {
    status: 400,
    title: "This call does not take an Idempotency-Key",
    cause:
      "The header is supported where a repeated request would do something twice: connecting, testing, rotating a secret, sending events, retrying, cancelling and replaying. All other calls reject the header instead of ignoring it. Nothing was done.",
    fix: "Send the request without the header. If an earlier request got no response, read the object first: its current state shows whether that request succeeded.",
  },
  unauthenticated: {
    status: 401,
    title: "Credentials are missing or not valid",
    cause: "The request has no API key and no session, or they are unknown, expired or revoked.",
    fix: "Send `Authorization: Bearer os_…` with a current key, or sign in again.",
  },
  invalid_sign_in: {
    status: 401,
    title: "Email or password is wrong",
    cause:
      "No account has this email and password. For security, the response does not say which one is wrong.",
    fix: "Check both and try again. If the server sends mail, the sign-in page can mail you a link to reset your password. An operator can set a new password with `opensend users set-password` or create an account with `opensend users create`. An owner or admin can invite you.",
  },
  forbidden: {
    status: 403,
    title: "The credentials do not allow this",
    cause: "The credentials are valid, but your role or the key's access does not allow this call.",
    fix: "Use a key with full access, or ask an owner or admin of the workspace. Some calls, such as changing members or workspace settings, need a signed-in person: use the dashboard.",
  },
  no_workspace: {
    status: 403,
    title: "The account belongs to no workspace",
    cause: "The email and password are correct, but the person has left or was removed from every workspace.",
    fix: "Ask an owner or admin of a workspace for an invitation. The account and its password still work.",
  },
  cross_origin: {
    status: 403,
    title: "The request comes from another origin",
    cause: "A change with a session cookie must have the Origin header of this instance.",
    fix: "Open the dashboard at its public URL. Behind a proxy, set OPENSEND_PUBLIC_URL to the address people use.",
  },
  setup_closed: {
    status: 403,
    title: "This instance already has an owner",
    cause: "The setup link works once, until the first account exists.",
    fix: "Sign in, or ask the owner for an account.",
  },
  invalid_setup_token: {
    status: 403,
    title: "The setup link is not valid",
    cause: "The token in the link is not the one this instance printed when it started.",
    fix: "Copy the whole link from the latest start of the server.",
  },
  not_found: {
    status: 404,
    title: "Nothing exists at this address",
    cause: "The path is unknown, or the object does not exist in your workspace.",
    fix: "Check the path and the id. Objects of other workspaces are not visible.",
  },
  invitation_invalid: {
    status: 404,
    title: "The invitation is not valid",
    cause:
      "No open invitation has this token: it has expired, was revoked or replaced by a newer one, or has been used.",
    fix: "Ask the person who invited you for a new link. If you have already joined, sign in.",
  },
  password_reset_invalid: {
    status: 404,
    title: "The password reset is not valid",
    cause:
      "No open password reset has this token: it is more than an hour old, was replaced by a newer one, or has been used.",
    fix: "Ask for a new link on the sign-in page.",
  },
  mail_not_configured: {
    status: 409,
    title: "This server sends no mail",
    cause: "OPENSEND_SMTP_URL is not set, so a link cannot be mailed.",
    fix: "Set OPENSEND_SMTP_URL and OPENSEND_MAIL_FROM. Without mail, an operator sets a new password with `opensend users set-password`.",
  },
  not_connected: {
    status: 409,
    title: "The connection is disconnected",
    cause:
      "The webhook URL and signing secret were destroyed when the connection was disconnected, so OpenSend has nowhere to send events.",
    fix: "Set a webhook URL with PATCH to connect it again, or create a new connection.",
  },
  external_id_taken: {
    status: 409,
    title: "Another connection has this external_id",
    cause:
      "An external_id names one connection of a workspace that is not disconnected. Another one has it, which may belong to another API key.",
    fix: "Choose another external_id, or disconnect the connection that has it. To change that connection, use PUT /api/integrations/connections/by-external-id/{external_id} with the key that created it, a key that replaces that key, or a full-access key.",
  },
  no_signing_secret: {
    status: 409,
    title: "The connection has no signing secret",
    cause: "Rotation replaces an existing signing secret, and this connection has none.",
    fix: "Set the first signing secret with PATCH `signing_secret`.",
  },
  rotation_under_way: {
    status: 409,
    title: "The signing secret is being rotated",
    cause: "The previous secret still signs alongside the current one, and a receiver may depend on it.",
    fix: "Wait until the rotation ends, or end it with PATCH `signing_secret`.",
  },
  idempotency_key_reused: {
    status: 409,
    title: "The idempotency key was used for another request",
    cause:
      "The same Idempotency-Key came earlier in this workspace with a different method, path or body. Keys are kept for 24 hours.",
    fix: "Use a new key for a new request; repeat a key only with exactly the same request.",
  },
  idempotency_key_in_use: {
    status: 409,
    title: "The first request with this idempotency key is still running",
    cause: "A test with the same Idempotency-Key is waiting for its receiver. It is not sent a second time.",
    fix: "Repeat the same request after the number of seconds in Retry-After to get the result.",
  },
  delivery_state: {
    status: 409,
    title: "Not allowed in the delivery's current state",
    cause:
      "A delivery that is being sent, already due or cancelled cannot be retried. A delivery that is being sent, delivered or cancelled cannot be cancelled. The payload of an event cannot be erased while its deliveries are pending.",
    fix: "Read the delivery: its status shows which actions are allowed. To erase a payload, wait, or cancel its deliveries with `cancel_pending=true`.",
  },
  payload_deleted: {
    status: 409,
    title: "The payload has been deleted",
    cause:
      "The payload of this event was erased, or has been deleted because payloads are kept for a limited time. It cannot be sent again.",
    fix: "Send the event again from your app.",
  },
  replay_state: {
    status: 409,
    title: "Not allowed in the replay's current state",
    cause:
      "Only a running replay can be paused, and only a paused one resumed. A replay that has ended cannot be restarted.",
    fix: "Read the replay: its status shows which actions are allowed. Start a new replay to send again.",
  },
  event_id_reused: {
    status: 409,
    title: "The event id belongs to a different event",
    cause: "An event with this id already exists with a different type, data or time.",
    fix: "Use a new id for a new event. Repeat an id only with exactly the same event.",
  },
  email_taken: {
    status: 409,
    title: "An account with this email exists",
    cause: "Each email can have only one account.",
    fix: "Use a different email, or sign in with this one.",
  },
  already_member: {
    status: 409,
    title: "The person is already a member",
    cause: "An account with this email is a member of the workspace.",
    fix: "Change their role under Members instead.",
  },
  last_owner: {
    status: 409,
    title: "The workspace would be left without an owner",
    cause: "The last owner cannot be demoted or removed, and cannot leave.",
    fix: "Make another member an owner first.",
  },
  limit_reached: {
    status: 409,
    title: "Limit reached",
    cause:
      "The number of open invitations or alerts per workspace, or of workspaces per person, is limited. The detail names the limit.",
    fix: "Revoke invitations, delete alerts or leave workspaces you no longer need.",
  },
  workspace_changed: {
    status: 409,
    title: "The session has switched to another workspace",
    cause:
      "The OpenSend-Workspace header names the workspace that a page shows, but the session has since switched to another one, or the person was removed from it. Nothing was done.",
    fix: "Reload the page to show the session's current workspace.",
  },
  validation_failed: {
    status: 422,
    title: "Some fields are not valid",
    cause:
      "The body, the query or a header does not match what this call accepts. `errors` names each field.",
    fix: "Correct the fields named in `errors` and send the request again. Nothing was changed.",
  },
  unsafe_url: {
    status: 422,
    title: "The webhook URL cannot be used",
    cause:
      "Events are sent only to HTTPS addresses on the public internet. URLs that are shortened, quoted, or contain a placeholder or an invisible character are rejected as mistakes. The detail says what is wrong with this one.",
    fix: "Copy the receiver's full public https:// address, or allow its range with OPENSEND_OUTBOUND_ALLOWED_CIDRS.",
  },
  rate_limited: {
    status: 429,
    title: "Too many requests",
    cause:
      "This key, session, workspace or address has reached a limit: requests per minute, or concurrent calls, streams, exports or event bodies. The detail names the limit.",
    fix: "Wait for the number of seconds in Retry-After, then continue. Make fewer concurrent calls, or send smaller batches.",
  },
  sign_in_throttled: {
    status: 429,
    title: "Too many failed sign-ins",
    cause:
      "Several sign-ins for this account or from this address failed, or several password resets were requested, so further ones must wait. All addresses of an IPv6 network (/64) count as one.",
    fix: "Wait for the number of seconds in Retry-After, then try again.",
  },
  credentials_unreadable: {
    status: 409,
    title: "The stored credentials cannot be opened",
    cause:
      "The credentials are encrypted with a key this server does not have, or the database row was altered.",
    fix: "Add the earlier key as INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS, or enter the webhook URL again.",
  },
  internal: {
    status: 500,
    title: "The server failed to handle the request",
    cause:
      "This is a bug or failure in OpenSend, not in the request. The server log has the reason under the request id.",
    fix: "Try again. If the error persists, look up the request id in the server log and report it.",
  },
  overloaded: {
    status: 503,
    title: "The server is temporarily unavailable",
    cause: "The database is unreachable, or too much work is already waiting.",
    fix: "Repeat the request after the number of seconds in Retry-After.",
  },
} as const satisfies Record<string, ErrorRow>;

type ErrorRow = {
  readonly status: number;
  readonly title: string;
  readonly cause: string;
  readonly fix: string;
};

export type ErrorCode = keyof typeof ERRORS;

export type FieldError = { readonly path: string; readonly message: string };

/** An error with a public part. `detail` can be shown to anyone; `cause` goes only to the log. */
export class OpenSendError extends Error {
  override readonly name = "OpenSendError";
  readonly code: ErrorCode;
  readonly detail: string;
  readonly fields: readonly FieldError[];
  readonly retryAfterSeconds: number | null;

  constructor(
    code: ErrorCode,
    detail: string,
    options: { fields?: readonly FieldError[]; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(`${code}: ${detail}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.detail = detail;
    this.fields = options.fields ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}
