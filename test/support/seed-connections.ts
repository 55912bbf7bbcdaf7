import { newId } from "../../src/db/new-id.ts";
import type { Database } from "../../src/db/open.ts";
import type { Schema } from "../../src/db/schema.ts";

type Row = Schema["connections"];

/** Writes connections without credentials, so that nothing can be sent to them. */
export async function seedConnections(
  db: Database,
  workspaceId: string,
  count: number,
  of: (index: number) => Partial<Row> = () => ({}),
): Promise<string[]> {
  const now = Date.now();
  const rows = Array.from({ length: count }, (_, index): Row => {
    const name = `Connection ${String(index).padStart(4, "0")}`;
    return { ...whole(workspaceId, now - count + index), name, ...of(index) };
  });
  for (let at = 0; at < rows.length; at += 100) {
    await db
      .insertInto("connections")
      .values(rows.slice(at, at + 100))
      .execute();
  }
  return rows.map(({ id }) => id);
}

function whole(workspaceId: string, createdAt: number): Row {
  return {
    id: newId(),
    workspace_id: workspaceId,
    provider: "webhook",
    name: "",
    description: null,
    external_id: null,
    metadata: null,
    owner_key_id: null,
    status: "connected",
    paused_reason: null,
    paused_at: null,
    paused_by: null,
    disconnected_at: null,
    sealed_credentials: null,
    has_signing_secret: 0,
    previous_secret_expires_at: null,
    header_names: "[]",
    endpoint_host: "hooks.example.com",
    endpoint_preview: "https://hooks.example.com/…",
    endpoint_fingerprint: "9f3a1c",
    receiver: "custom",
    event_types: '["*"]',
    health: "healthy",
    consecutive_failures: 0,
    receiver_faults: 0,
    last_health_check_at: createdAt,
    last_sync_at: createdAt,
    last_event_at: createdAt,
    last_error_code: null,
    last_error_message: null,
    last_error_at: null,
    last_error_explanation: null,
    last_error_delivery_id: null,
    version: 1,
    first_failure_at: null,
    failing_since: null,
    failing_until: null,
    probe_at: null,
    probe_delay_ms: null,
    ordered: 0,
    concurrency: 10,
    rate_limit_per_minute: null,
    timeout_seconds: 15,
    hold_until: null,
    hold_ms: null,
    rate_next_at: 0,
    last_failure_at: null,
    created_at: createdAt,
    updated_at: createdAt,
  };
}
