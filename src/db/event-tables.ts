import type { Generated } from "kysely";
import type { EventOrigin } from "../domain/event.ts";

/** Events, and the progress of retention. */
export type EventTables = {
  events: {
    /** Unique within its workspace; the sender can choose it. */
    id: string;
    workspace_id: string;
    type: string;
    created_at: number;
    /** Compact JSON; empty once deleted. */
    data: string;
    accepted_at: number;
    /** `traceparent`, and `tracestate` on a second line if there is one (W3C Trace Context). */
    trace_context: string | null;
    origin: Generated<EventOrigin>;
    /** The idempotency key of the request that sent it. */
    idempotency_key: Generated<string | null>;
    /** When someone erased its payload, ahead of retention. */
    data_erased_at: Generated<number | null>;
  };
  retention_marks: { workspace_id: string; accepted_at: number; event_id: string };
  kept_payloads: { workspace_id: string; event_id: string };
};
