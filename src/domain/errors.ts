import { REQUEST_ERRORS } from "./request-errors.ts";

/**
 * Every error the API answers with (RFC 9457). One row gives the status, the title and the documentation page
 * (`docs/errors/<code>.md`, served at `/docs/errors/<code>`); the `detail` of an answer says what happened where.
 */
export const ERRORS = {
  ...REQUEST_ERRORS,
  invalid_id: {
    status: 400,
    title: "The id is not a UUID",
    meaning: "Ids of OpenSend are UUIDs such as 0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11.",
    cure: "Copy the id from a response or from the dashboard's address bar.",
  },
  invalid_cursor: {
    status: 400,
    title: "The cursor is not valid",
    meaning: "A cursor is made by this list, for this list. It was cut, changed or taken from another list.",
    cure: "Pass `next_cursor` of the previous page unchanged, or leave `cursor` out to start at the first page.",
  },
  idempotency_not_supported: {
    status: 400,
    title: "This call does not take an Idempotency-Key",
    meaning:
      "The header is honored where a repeated request would do something twice: connecting, testing, rotating a secret, sending events, retrying, cancelling and replaying. Everywhere else it is refused instead of ignored. Nothing was done.",
    cure: "Send the request without the header. If an earlier one got no response, read the object first: its present state says whether that request succeeded.",
  },
  unauthenticated: {
    status: 401,
    title: "Credentials are missing or not valid",
    meaning:
      "The request carries no API key and no session, or the one it carries is unknown, expired or revoked.",
    cure: "Send `Authorization: Bearer os_…` with a current key, or sign in again.",
  },
  invalid_sign_in: {
    status: 401,
    title: "Email or password is wrong",
    meaning: "No account has this pair of email and password. Which of the two is wrong is not said.",
    cure: "Check both and try again. An operator can set a new password with `opensend users set-password`, or make an account with `opensend users create`; an owner or admin can invite you.",
  },
  forbidden: {
    status: 403,
    title: "The credentials do not allow this",
    meaning: "You are known, but your role or the key's access does not cover this call.",
    cure: "Use a key with full access, or ask an owner or admin of the workspace. Some calls, such as changing members or workspace settings, are for people signed in: do those in the dashboard.",
  },
  no_workspace: {
    status: 403,
    title: "The account belongs to no workspace",
    meaning: "Email and password are right, but the person was removed from, or left, every workspace.",
    cure: "Ask an owner or admin of a workspace for an invitation. The account and its password stay.",
  },
  cross_origin: {
    status: 403,
    title: "The request comes from another origin",
    meaning: "A change made with a session cookie must carry this instance's own Origin.",
    cure: "Open the dashboard at its public URL. Behind a proxy, set OPENSEND_PUBLIC_URL to the address people use.",
  },
  setup_closed: {
    status: 403,
    title: "This instance already has an owner",
    meaning: "The setup link works once, until the first account exists.",
    cure: "Sign in, or ask the owner for an account.",
  },
  invalid_setup_token: {
    status: 403,
    title: "The setup link is not valid",
    meaning: "The token in the link is not the one this instance printed at its start.",
    cure: "Copy the whole link from the latest start of the server.",
  },
  not_found: {
    status: 404,
    title: "There is nothing at this address",
    meaning: "The path is unknown, or the object does not exist in your workspace.",
    cure: "Check the path and the id. Objects of other workspaces are not visible.",
  },
  invitation_invalid: {
    status: 404,
    title: "The invitation is not valid",
    meaning:
      "No open invitation has this token: it has expired, was revoked or replaced by a newer one, or has been used.",
    cure: "Ask whoever invited you for a new link. If you have joined already, sign in.",
  },
  not_connected: {
    status: 409,
    title: "The connection is disconnected",
    meaning: "Its credentials were destroyed when it was disconnected, so there is nothing to send to.",
    cure: "Give it a webhook URL with PATCH to connect it again, or create a new connection.",
  },
  no_signing_secret: {
    status: 409,
    title: "The connection has no signing secret",
    meaning: "Only a signing secret that is there can be rotated.",
    cure: "Set the first one with PATCH signing_secret.",
  },
  rotation_under_way: {
    status: 409,
    title: "The signing secret is being rotated",
    meaning: "The secret before still signs beside the current one, and a receiver may depend on it.",
    cure: "Wait until it has run out, or end it with PATCH signing_secret.",
  },
  idempotency_key_reused: {
    status: 409,
    title: "The idempotency key was used for another request",
    meaning:
      "The same Idempotency-Key came earlier in this workspace with a different method, path or body. Keys are kept for 24 hours.",
    cure: "Use a new key for a new request; repeat a key only with the very same request.",
  },
  idempotency_key_in_use: {
    status: 409,
    title: "The first request with this idempotency key is still running",
    meaning:
      "A test with the same Idempotency-Key is waiting for its receiver. It is not sent a second time.",
    cure: "Repeat the same request after the number of seconds in Retry-After to get the result.",
  },
  delivery_state: {
    status: 409,
    title: "The delivery is not in a state for this",
    meaning:
      "A delivery that is under way, due already or cancelled cannot be retried, and one that is under way, delivered or cancelled cannot be cancelled. The payload of an event is not erased while deliveries of it are pending.",
    cure: "Read the delivery: its status says what can be done with it. To erase a payload, wait, or cancel with `cancel_pending=true`.",
  },
  payload_deleted: {
    status: 409,
    title: "The payload has been deleted",
    meaning:
      "The payload of this event was erased by a person, or has been kept for as long as it is to be. There is nothing left to send.",
    cure: "Send the event again from its source.",
  },
  replay_state: {
    status: 409,
    title: "The replay is not in a state for this",
    meaning:
      "Only a running replay can be paused, only a paused one resumed, and one that has ended stays ended.",
    cure: "Read the replay: its status says what can be done with it. Start a new one to send again.",
  },
  event_id_reused: {
    status: 409,
    title: "The event id stands for another event",
    meaning: "An event with this id is stored, and its type, data or time is another.",
    cure: "Use a new id for a new event; repeat an id only with the very same event.",
  },
  email_taken: {
    status: 409,
    title: "An account with this email exists",
    meaning: "Every account has an email of its own.",
    cure: "Use another email, or sign in with this one.",
  },
  already_member: {
    status: 409,
    title: "The person is a member already",
    meaning: "An account with this email is a member of the workspace.",
    cure: "Change their role under Members instead.",
  },
  last_owner: {
    status: 409,
    title: "The workspace would be left without an owner",
    meaning: "Its last owner can be neither demoted nor removed, and cannot leave.",
    cure: "Make another member an owner first.",
  },
  limit_reached: {
    status: 409,
    title: "There are as many as there may be",
    meaning:
      "Open invitations of a workspace and workspaces of a person are limited. The detail names the number.",
    cure: "Revoke invitations, or leave workspaces, that are not needed any more.",
  },
  workspace_changed: {
    status: 409,
    title: "The session is in another workspace now",
    meaning:
      "The OpenSend-Workspace header names the workspace that a page shows, and the session has meanwhile been switched to another one, or was moved there when the person was removed. Nothing was done.",
    cure: "Reload the page: it shows the workspace the session is in.",
  },
  validation_failed: {
    status: 422,
    title: "Some fields are not valid",
    meaning:
      "The body, the query or a header is not of the shape this call takes. `errors` names each place.",
    cure: "Correct the fields named in `errors` and send the request again. Nothing was changed.",
  },
  unsafe_url: {
    status: 422,
    title: "The webhook URL cannot be used",
    meaning:
      "Events go to HTTPS addresses on the public internet only, and a URL that is shortened, quoted, or has a placeholder or an invisible character was not meant. The detail says what is wrong with this one.",
    cure: "Copy the whole public https:// address of the receiver, or open its range with OPENSEND_OUTBOUND_ALLOWED_CIDRS.",
  },
  rate_limited: {
    status: 429,
    title: "Too many requests",
    meaning:
      "A limit for this key, session, workspace or address is used up for the moment: of requests per minute, or of calls, streams, exports or bodies with events at the same time. The detail says which.",
    cure: "Wait for the number of seconds in Retry-After, then go on. Make fewer calls at the same time, or send smaller batches.",
  },
  sign_in_throttled: {
    status: 429,
    title: "Too many failed sign-ins",
    meaning:
      "Several sign-ins for this account or from this address failed. Further ones wait. The addresses of an IPv6 network (/64) count as one.",
    cure: "Wait for the number of seconds in Retry-After, then try again.",
  },
  credentials_unreadable: {
    status: 409,
    title: "The stored credentials cannot be opened",
    meaning: "They were sealed with a key this server does not have, or the row was altered.",
    cure: "Add the earlier key as INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS, or enter the webhook URL again.",
  },
  internal: {
    status: 500,
    title: "The server failed to handle the request",
    meaning: "This is a fault of OpenSend, not of the request. The log has the reason under the request id.",
    cure: "Try again. If it stays, look up the request id in the server's log and report it.",
  },
  overloaded: {
    status: 503,
    title: "The server cannot take the request now",
    meaning: "The database is not reachable, or more work is waiting than is safe to hold.",
    cure: "Repeat the request after the number of seconds in Retry-After.",
  },
} as const satisfies Record<string, ErrorRow>;

type ErrorRow = {
  readonly status: number;
  readonly title: string;
  readonly meaning: string;
  readonly cure: string;
};

export type ErrorCode = keyof typeof ERRORS;

export type FieldError = { readonly path: string; readonly message: string };

/** An error with a public face. `detail` may be shown to anyone; `cause` goes to the log only. */
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
