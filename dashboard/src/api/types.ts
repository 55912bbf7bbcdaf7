import type { components } from "./schema.generated.ts";

type Schemas = components["schemas"];

export type ApiKey = Schemas["ApiKey"];
export type Attempt = Schemas["Attempt"];
export type AuditEntry = Schemas["AuditEntry"];
export type CatalogEntry = Schemas["CatalogEntry"];
export type Comparison = NonNullable<Schemas["ComparisonAnswer"]["data"]>;
export type Connection = Schemas["Connection"];
export type Delivery = Schemas["Delivery"] & DeliveryStanding;
export type DeliveryDetail = Schemas["DeliveryDetail"] & DeliveryStanding & { attempts_total?: number };
export type DeliveryStats = Schemas["DeliveryStatsAnswer"]["data"];
export type EventDetail = Schemas["EventDetail"];
export type EventRow = Schemas["EventListItem"];
export type EventType = Schemas["EventType"];
export type Invitation = Schemas["Invitation"];
export type Member = Schemas["Member"];
export type LiveAttempt = Schemas["LiveAttempt"];
export type InspectedRequest = Schemas["InspectedRequest"];
export type InspectorRead = Schemas["InspectorAnswer"]["data"];
export type InspectorUpdate = Schemas["UpdateInspectorRequest"];
export type Replay = Omit<Schemas["Replay"], "status" | "filter"> & ReplayStanding;
export type ReplayFilter = Schemas["ReplayRequest"]["filter"] & {
  response_status?: string;
  error_code?: string;
};
export type ReplayPreview = Omit<Schemas["ReplayPreviewAnswer"]["data"], "eta_seconds"> & {
  eta_seconds: number | null;
  causes?: readonly ReplayCause[];
  failing_count?: number;
};
export type Session = Schemas["Session"];
export type SessionRow = Schemas["SessionListing"];
export type System = Schemas["System"];
export type TestDelivery = Schemas["TestDelivery"];
export type Worker = Schemas["Worker"];
export type Workspace = Schemas["Workspace"];

/** How far a page looked through deliveries that do not match. */
export type Searched = { readonly until: string | null; readonly rows: number; readonly complete: boolean };

type Facet = { readonly value: string | number | null; readonly name?: string; readonly count: number };

export type DeliveryFacets = {
  readonly object: "delivery_facets";
  readonly data: Readonly<
    Record<"status" | "connection" | "event_type" | "response_status" | "error_code", readonly Facet[]>
  >;
  readonly is_exact: boolean;
  readonly as_of: string;
};

type DeliveryStanding = {
  readonly hold?: {
    readonly reason:
      | "connection_paused"
      | "receiver_failing"
      | "retry_after"
      | "rate_limit"
      | "order"
      | "queue";
    readonly until: string | null;
  } | null;
  readonly is_sending?: boolean;
};

type ReplayCause = {
  readonly connection_id: string;
  readonly connection_name: string;
  readonly error_code: string | null;
  readonly response_status: number | null;
  readonly count: number;
  readonly is_failing: boolean;
};

type ReplayConnection = { readonly connection_id: string; readonly connection_name: string };

type ReplayStanding = {
  status: "running" | "waiting_for_receiver" | "paused" | "stopped" | "completed";
  filter: Schemas["Replay"]["filter"] & {
    ids_count?: number | null;
    response_status?: string | null;
    error_code?: string | null;
  };
  when?: "now" | "receiver_recovers";
  healthy_only?: boolean;
  waiting_for?: readonly ReplayConnection[];
  stopped_for?: readonly ReplayConnection[];
  eta_seconds?: number | null;
};
