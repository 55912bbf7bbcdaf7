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

/** Those with a file of their own. */
type OtherTables = AlertTables &
  ConnectionTables &
  EventTables &
  InspectorTables &
  ReplayTables &
  StatisticsTables;

/** Every table. Our own times are epoch milliseconds; JSON is text. The owner of each is the folder named. */
export type Schema = OtherTables & {
  /** store/ */
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
    /** How long it keeps payloads and statuses, 0 for ever; null follows the instance. Read by delivery/. */
    payload_retention_days: number | null;
    status_retention_days: number | null;
    /** Counts up with every change of what stands here. */
    version: Generated<number>;
  };
  members: { id: string; workspace_id: string; user_id: string; role: Role; created_at: Instant };

  /** auth/; the columns Better Auth knows, and a hash. Open ones only: what was used or revoked is deleted. */
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
    /** The first of the keys that it replaces, whose connections it manages; null for its own. */
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
    /** JSON: what it takes to answer a repeat of the request. */
    response: string;
    created_at: number;
  };

  /** delivery/ */
  deliveries: {
    id: string;
    workspace_id: string;
    event_id: string;
    connection_id: string;
    trigger_kind: AttemptTrigger;
    status: DeliveryStatus;
    attempt_count: number;
    next_attempt_at: number | null;
    /** Length of the event's data, so that a claim knows what it takes before it reads it. */
    event_bytes: number;
    /** The replay that made it due, until its attempt is counted there. */
    replay_id: string | null;
    /** Its status before that replay, so that stopping it can put it back. */
    replayed_from: DeliveryStatus | null;
    /** What the last attempt came to. */
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
    /** Of the machine's current boot. With host and pid it helps a person find the process. */
    boot_id: string;
    host: string;
    pid: number;
    version: string;
    started_at: number;
    beat_at: number;
    heard_at: number;
    members: string;
    holding: string;
    /** When it stopped in order; null while it runs, and after a crash. */
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
