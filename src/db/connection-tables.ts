import type { ConnectionStatus, PausedReason } from "../domain/connection.ts";
import type { Receiver } from "../domain/diagnostics/detect-receiver.ts";
import type { Health } from "../domain/health.ts";

/** The tables of `connections/`. */
export type ConnectionTables = {
  connections: {
    id: string;
    workspace_id: string;
    provider: string;
    name: string;
    description: string | null;
    /** The caller's own id; unique in its workspace among those that are not disconnected. */
    external_id: string | null;
    /** JSON of text by name; null for none. The same pairs are in `connection_metadata`. */
    metadata: string | null;
    /** The key that created it, or the first of those which that key replaces; null where no key did. */
    owner_key_id: string | null;
    status: ConnectionStatus;
    paused_reason: PausedReason | null;
    paused_at: number | null;
    /** The name of the person who paused it; null when OpenSend did. */
    paused_by: string | null;
    disconnected_at: number | null;
    /** Null once disconnected: the credentials are destroyed, not hidden. */
    sealed_credentials: string | null;
    has_signing_secret: number;
    /** Until when the secret before signs too; may be past. */
    previous_secret_expires_at: number | null;
    /** JSON of the names of the custom headers, sorted. */
    header_names: string;
    endpoint_host: string;
    endpoint_preview: string;
    endpoint_fingerprint: string;
    receiver: Receiver;
    event_types: string;
    health: Health;
    consecutive_failures: number;
    receiver_faults: number;
    last_health_check_at: number | null;
    last_sync_at: number;
    last_event_at: number | null;
    last_error_code: string | null;
    last_error_message: string | null;
    last_error_at: number | null;
    /** JSON of the explanation; null without an error, and for errors of earlier versions. */
    last_error_explanation: string | null;
    last_error_delivery_id: string | null;
    version: number;
    /** Nothing has arrived since, whatever the reason; null after a success. */
    first_failure_at: number | null;
    /** First and latest failure of the run that pauses the connection when it lasts for days. */
    failing_since: number | null;
    failing_until: number | null;
    /** When the receiver may be probed, and how far ahead that was; null while the circuit breaker is closed. */
    probe_at: number | null;
    probe_delay_ms: number | null;
    ordered: number;
    concurrency: number;
    rate_limit_per_minute: number | null;
    timeout_seconds: number;
    /** Nothing leaves before, and how far ahead that was: a Retry-After pause, or in strict order the retry of the head. */
    hold_until: number | null;
    hold_ms: number | null;
    /** With a rate limit: the time up to which requests have been let out (GCRA's theoretical arrival time). */
    rate_next_at: number;
    last_failure_at: number | null;
    created_at: number;
    updated_at: number;
  };
  connection_metadata: { connection_id: string; key: string; workspace_id: string; value: string };
  /** Counts up with each change of a workspace's connections; read by ingest/. */
  routing_versions: { workspace_id: string; version: string };
};
