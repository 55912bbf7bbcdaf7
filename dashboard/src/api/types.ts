import type { components } from "./schema.generated.ts";

type Schemas = components["schemas"];

export type ApiKey = Schemas["ApiKey"];
export type AuditEntry = Schemas["AuditEntry"];
export type CatalogEntry = Schemas["CatalogEntry"];
export type Connection = Schemas["Connection"];
export type Session = Schemas["Session"];
export type TestDelivery = Schemas["TestDelivery"];
