import type { InspectorResponse } from "../domain/inspector.ts";

/** The tables of `inspector/`. */
export type InspectorTables = {
  inspector_settings: {
    workspace_id: string;
    answer: InspectorResponse;
    retry_after_seconds: number;
    /** A secret for checking signatures instead of the connection's; null to use the connection's. */
    sealed_secret: string | null;
    updated_at: number;
  };
  inspector_requests: {
    id: string;
    workspace_id: string;
    delivery_id: string;
    event_id: string;
    event_type: string;
    event_accepted_at: number;
    answer: InspectorResponse;
    /** JSON of the results of checking the signatures. */
    verdict: string;
    method: string;
    headers: string;
    /** The beginning of the body if shorter than `body_bytes`. */
    body: string;
    body_bytes: number;
    created_at: number;
  };
};
