import type { components } from "./schema.generated.ts";

type Schemas = components["schemas"];

export type ApiKey = Schemas["ApiKey"];
export type Attempt = Schemas["Attempt"];
export type AuditEntry = Schemas["AuditEntry"];
export type CancelFilter = NonNullable<Schemas["CancelDeliveriesRequest"]["filter"]>;
export type CatalogEntry = Schemas["CatalogEntry"];
export type Comparison = NonNullable<Schemas["ComparisonAnswer"]["data"]>;
export type Connection = Schemas["Connection"];
export type Delivery = Schemas["Delivery"];
export type DeliveryDetail = Schemas["DeliveryDetail"];
export type DeliveryFacets = Schemas["DeliveryFacetsAnswer"];
export type DeliveryStats = Schemas["DeliveryStatsAnswer"]["data"];
export type EventDetail = Schemas["EventDetail"];
export type EventRow = Schemas["Event"];
export type Invitation = Schemas["Invitation"];
export type Member = Schemas["Member"];
export type LiveAttempt = Schemas["LiveAttempt"];
export type InspectedRequest = Schemas["InspectedRequest"];
export type InspectorRead = Schemas["InspectorAnswer"]["data"];
export type InspectorUpdate = Schemas["UpdateInspectorRequest"];
export type Replay = Schemas["Replay"];
export type ReplayFilter = Schemas["ReplayRequest"]["filter"];
export type ReplayPreview = Schemas["ReplayPreviewAnswer"]["data"];
export type Session = Schemas["Session"];
export type SessionRow = Schemas["SessionListing"];
export type System = Schemas["System"];
export type TestDelivery = Schemas["TestDelivery"];
export type Worker = Schemas["Worker"];
export type Workspace = Schemas["Workspace"];

export type Searched = Schemas["DeliverySearch"];
