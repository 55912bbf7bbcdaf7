import type { AlertCondition, NoticeKind } from "../domain/alert.ts";

/** The tables of `mail/`, of password resets (`auth/`) and of `alerts/`. */
export type AlertTables = {
  mails: {
    id: string;
    /** The whole mail, since a link in it may be a secret. */
    sealed: string;
    /** The notice to which the outcome is reported. */
    reference: string | null;
    tries: number;
    due_at: number;
    /** Set while a process sends it. */
    claimed_until: number | null;
    created_at: number;
    expires_at: number;
  };
  password_resets: { user_id: string; token_hash: string; created_at: number; expires_at: number };
  alerts: {
    id: string;
    workspace_id: string;
    name: string;
    condition: AlertCondition;
    threshold: number | null;
    /** JSON; null for every connection. */
    connection_ids: string | null;
    /** JSON of memberships. */
    member_ids: string;
    notify_connection_id: string | null;
    is_enabled: number;
    /** When the last notice of each kind was sent. */
    raised_at: number | null;
    recovered_at: number | null;
    created_at: number;
    updated_at: number;
  };
  alert_states: {
    alert_id: string;
    connection_id: string;
    is_open: number;
    raised_at: number;
    calm_since: number | null;
  };
  alert_notices: {
    id: string;
    workspace_id: string;
    alert_id: string;
    alert_name: string;
    kind: NoticeKind;
    summary: string;
    connection_count: number;
    /** JSON of the first of them, with their names at that time. */
    connections: string;
    mails: number;
    mails_sent: number;
    mails_failed: number;
    mail_error: string | null;
    event_id: string | null;
    created_at: number;
  };
};
