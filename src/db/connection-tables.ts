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
    /** The caller's own id; unique in its workspace among connections that are not disconnected. */
    external_id: string | null;
    /** JSON of text by name; null for none. `connection_metadata` has the same pairs. */
    metadata: string | null;
    /** The key that created it, or the first in the line of keys that this key replaces; null if no key did. */
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
    /** Until when the previous secret signs too; can be in the past. */
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
    /** The first failure since the last success, whatever the reason; null after a success. */
    first_failure_at: number | null;
    /** First and latest failure of the run that pauses the connection if it lasts for days. */
    failing_since: number | null;
    failing_until: number | null;
    /**
     * When the receiver can be probed, and how far ahead that was when it was set; null while the circuit breaker is
     * closed.
     */
    probe_at: number | null;
    probe_delay_ms: number | null;
    ordered: number;
    concurrency: number;
    rate_limit_per_minute: number | null;
    timeout_seconds: number;
    /**
     * Nothing is sent before this time: a Retry-After pause, or in strict order the retry of the head. `hold_ms` is how
     * far ahead it was when set.
     */
    hold_until: number | null;
    hold_ms: number | null;
    /** For a rate limit: the time up to which requests have used it up (GCRA's theoretical arrival time). */
    rate_next_at: number;
    last_failure_at: number | null;
    created_at: number;
    updated_at: number;
  };
  connection_metadata: { connection_id: string; key: string; workspace_id: string; value: string };
  /** Incremented with each change of a workspace's connections; read by ingest/. */
  routing_versions: { workspace_id: string; version: string };
};
