import type { Actor } from "./actor.ts";
import type { JsonObject } from "./json/json.ts";

/** The action, as `<object>.<past tense>`. */
export type AuditAction =
  | "connection.connected"
  | "connection.updated"
  | "connection.secret_rotated"
  | "connection.paused"
  | "connection.resumed"
  | "connection.tested"
  | "connection.disconnected"
  | "inspector.updated"
  | "inspector.cleared"
  | "event.data_erased"
  | "delivery.retried"
  | "delivery.cancelled"
  | "deliveries.cancelled"
  | "deliveries.retried"
  | "connection.queue_cleared"
  | "replay.started"
  | "replay.paused"
  | "replay.resumed"
  | "replay.stopped"
  | "issue.muted"
  | "issue.resolved"
  | "issue.reopened"
  | "api_key.created"
  | "api_key.revoked"
  | "alert.created"
  | "alert.updated"
  | "alert.deleted"
  | "alert.tested"
  | "workspace.updated"
  | "user.created"
  | "member.invited"
  | "invitation.revoked"
  | "member.joined"
  | "member.role_changed"
  | "member.removed"
  | "member.left"
  | "workspace.created"
  | "user.updated"
  | "user.password_changed"
  | "user.password_reset"
  | "session.created"
  | "session.failed"
  | "session.ended"
  | "session.revoked";

export type AuditEntry = {
  /** Set for an entry that is updated as work goes on; left out for an entry that is written once. */
  readonly id?: string;
  readonly actor: Actor;
  readonly action: AuditAction;
  readonly target: {
    readonly kind:
      | "connection"
      | "event"
      | "delivery"
      | "replay"
      | "issue"
      | "api_key"
      | "alert"
      | "session"
      | "user"
      | "member"
      | "invitation"
      | "workspace";
    readonly id: string | null;
  };
  /** Already redacted: previews, names and flags; never a URL, a secret or a key. */
  readonly metadata: JsonObject;
};
