import type { Generated } from "kysely";
import type { EventOrigin } from "../domain/event.ts";

/** Events, and how far retention has come with them. */
export type EventTables = {
  events: {
    /** Unique within its workspace: a sender may choose it. */
    id: string;
    workspace_id: string;
    type: string;
    created_at: number;
    /** Compact JSON; empty once it has been deleted. */
    data: string;
    accepted_at: number;
    /** `traceparent`, and `tracestate` on a second line if there is one (W3C Trace Context). */
    trace_context: string | null;
    origin: Generated<EventOrigin>;
    /** Of the request that brought it. */
    idempotency_key: Generated<string | null>;
    /** When someone erased its payload, before retention did. */
    data_erased_at: Generated<number | null>;
  };
  retention_marks: { workspace_id: string; accepted_at: number; event_id: string };
  kept_payloads: { workspace_id: string; event_id: string };
};
