import type { ColumnType, Generated } from "kysely";
import type { AttemptTrigger, DeliveryStatus } from "../domain/delivery.ts";
import type { AlertTables } from "./alert-tables.ts";
import type { ConnectionTables } from "./connection-tables.ts";
import type { EventTables } from "./event-tables.ts";
import type { InspectorTables } from "./inspector-tables.ts";
import type { ReplayTables } from "./replay-tables.ts";
import type { StatisticsTables } from "./statistics-tables.ts";

/** Better Auth's points in time: a `Date` on PostgreSQL, ISO 8601 text on SQLite. */
type Instant = ColumnType<Date | string, Date | string, Date | string>;
type Flag = ColumnType<boolean | number, boolean | number, boolean | number>;

export type Role = "owner" | "admin" | "viewer";
export type Access = "full_access" | "sending_access" | "connections";

/** Tables with a file of their own. */
type OtherTables = AlertTables &
  ConnectionTables &
  EventTables &
  InspectorTables &
  ReplayTables &
  StatisticsTables;

/**
 * Every table. Times of our own tables are epoch milliseconds; JSON is text. Comments name the folder that owns each
 * table.
 */
export type Schema = OtherTables & {
  /** db/ */
  schema_migrations: { number: number; name: string; applied_at: number };

  /** auth/, written by Better Auth */
  users: {
    id: string;
    name: string;
    email: string;
    email_verified: Flag;
    image: string | null;
    created_at: Instant;
    updated_at: Instant;
  };
  sessions: {
    id: string;
    token: string;
    user_id: string;
    expires_at: Instant;
    created_at: Instant;
    updated_at: Instant;
    ip_address: string | null;
    user_agent: string | null;
    active_workspace_id: string | null;
  };
  accounts: {
    id: string;
    account_id: string;
    provider_id: string;
    user_id: string;
    password: string | null;
    created_at: Instant;
    updated_at: Instant;
  };
  workspaces: {
    id: string;
    name: string;
    slug: string;
    created_at: Instant;
    /** How many days payloads and statuses are kept, 0 for forever; null for the server default. Read by retention/. */
    payload_retention_days: number | null;
    status_retention_days: number | null;
    /** Incremented with every change of this row. */
    version: Generated<number>;
  };
  members: { id: string; workspace_id: string; user_id: string; role: Role; created_at: Instant };

  /** auth/; the columns Better Auth knows, and a hash. Pending ones only: used or revoked invitations are deleted. */
  invitations: {
    id: string;
    workspace_id: string;
    inviter_id: string;
    email: string;
    role: Role;
    status: "pending";
    expires_at: Instant;
    created_at: Instant;
    token_hash: string;
  };

  /** auth/ */
  instance: { id: "instance"; set_up_at: number };
  sign_in_throttles: { subject: string; attempts: number; first_attempt_at: number };
  api_keys: {
    id: string;
    workspace_id: string;
    name: string;
    access: Access;
    /** JSON of the event types and patterns that it is limited to; null for all. */
    event_types: string | null;
    /** The first in the line of keys that it replaces, whose connections it manages; null for its own. */
    owner_key_id: string | null;
    prefix: string;
    last_four: string;
    hash: string;
    created_by: string | null;
    created_at: number;
    last_used_at: number | null;
    expires_at: number | null;
    revoked_at: number | null;
  };

  /** idempotency/ */
  idempotency_keys: {
    workspace_id: string;
    key: string;
    request_digest: string;
    /** JSON: the data needed to repeat the response. */
    response: string;
    created_at: number;
  };

  /** dispatch/ */
  deliveries: {
    id: string;
    workspace_id: string;
    event_id: string;
    connection_id: string;
    trigger_kind: AttemptTrigger;
    status: DeliveryStatus;
    attempt_count: number;
    next_attempt_at: number | null;
    /** Size of the event's data, known before the data is read. */
    event_bytes: number;
    /** The replay that queued it, until its attempt is counted there. */
    replay_id: string | null;
    /** Its status before that replay, restored if the replay is stopped. */
    replayed_from: DeliveryStatus | null;
    /** Outcome of the last attempt. */
    response_status: number | null;
    error_code: string | null;
    duration_ms: number | null;
    last_attempt_at: number | null;
    created_at: number;
    updated_at: number;
  };
  attempts: {
    delivery_id: string;
    number: number;
    trigger_kind: AttemptTrigger;
    started_at: number;
    duration_ms: number;
    timings: string;
    request_headers: string;
    response_status: number | null;
    response_status_text: string | null;
    response_headers: string | null;
    response_body: string | null;
    response_truncated: number;
    error_code: string | null;
    error_message: string | null;
    explanation: string;
  };

  workers: {
    /** Random; nothing else identifies a worker. */
    id: string;
    /** The scope in which its process id is unique. With host and pid it helps a person find the process. */
    boot_id: string;
    host: string;
    pid: number;
    version: string;
    started_at: number;
    beat_at: number;
    heard_at: number;
    members: string;
    holding: string;
    /** When it was shut down; null while it runs, and after a crash. */
    stopped_at: number | null;
  };

  /** audit/ */
  audit_entries: {
    id: string;
    workspace_id: string;
    action: string;
    actor_kind: string;
    actor_id: string | null;
    actor_name: string;
    target_kind: string;
    target_id: string | null;
    address: string | null;
    metadata: string;
    created_at: number;
  };
};
