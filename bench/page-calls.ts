/** Objects of the seeded instance that the calls refer to. */
export type SeededIds = {
  readonly connection: string;
  readonly failingConnection: string;
  readonly delivery: string;
  readonly event: string;
  readonly type: string;
  /** A day, a week and a month before now, in the API's time format. */
  readonly dayAgo: string;
  readonly weekAgo: string;
  readonly monthAgo: string;
};

/** A call that a page makes. `path` can refer to objects by `{name}`. */
export type PageCall = { readonly page: string; readonly path: string };

const SORTS = ["attention", "created_at", "name", "volume", "success_rate", "p95"];
const CONNECTION_FILTERS = [
  "q=sync",
  "state=failing,held",
  "status=disconnected",
  "receiver=n8n",
  "event_type={type}",
];
const DELIVERY_FILTERS = [
  "",
  "status=failed",
  "status=pending",
  "status=delivered",
  "status=cancelled",
  "connection_id={connection}",
  "connection_id={connection},{failingConnection}",
  "connection_id={failingConnection}&status=failed",
  "event_type={type}",
  "event_type=order.*",
  "event_type=nothing.like.it",
  "response=5xx",
  "response=none",
  "response_status=401",
  "response_status=401,422",
  "error_code=timeout",
  "error_code=tls_expired,dns_not_found",
  "created_from={dayAgo}",
  "created_from={weekAgo}&created_before={dayAgo}&status=failed",
  "status=failed&error_code=http_status&response_status=422&event_type=order.*",
  "q=cus_",
  "q=nothing-like-it",
  "sort=created_at",
  "sort=-duration_ms",
  "sort=-updated_at",
  "event_type=order.*&sort=-updated_at",
];
const FACET_FILTERS = [
  "",
  "status=failed",
  "connection_id={connection}",
  "event_type=order.*",
  "created_from={dayAgo}",
];
const EVENT_FILTERS = [
  "",
  "type={type}",
  "type=order.*",
  "include=data",
  "q=cus_",
  "origin=application",
  "accepted_from={dayAgo}",
];
const RANGES = [
  "from={dayAgo}&interval=minute",
  "from={dayAgo}&interval=hour",
  "from={weekAgo}&interval=hour",
  "from={monthAgo}&interval=day",
];
const GROUPS = ["outcome", "connection", "event_type", "cause"];

function withQuery(path: string, query: string): string {
  return query === "" ? path : `${path}?${query}`;
}

/** Every call of the pages: add a call here when a page gets a new one. */
export const PAGE_CALLS: readonly PageCall[] = [
  ...RANGES.map((range) => ({ page: "overview", path: `/api/statistics?${range}` })),
  ...GROUPS.map((group) => ({
    page: "overview",
    path: `/api/statistics?from={dayAgo}&interval=hour&group_by=${group}`,
  })),
  { page: "overview", path: "/api/issues" },
  { page: "overview", path: "/api/integrations/connections?sort=attention&limit=10" },
  { page: "issues", path: "/api/issues?state=all" },
  { page: "issues", path: "/api/issues?connection_id={failingConnection}" },
  { page: "integrations", path: "/api/integrations" },
  ...SORTS.map((sort) => ({
    page: "connections",
    path: `/api/integrations/connections?include=stats&sort=${sort}`,
  })),
  ...CONNECTION_FILTERS.map((filter) => ({
    page: "connections",
    path: `/api/integrations/connections?${filter}`,
  })),
  { page: "connection", path: "/api/integrations/connections/{failingConnection}" },
  { page: "connection", path: "/api/integrations/stats?connection_id={failingConnection}" },
  {
    page: "connection",
    path: "/api/statistics?from={dayAgo}&interval=hour&connection_id={failingConnection}",
  },
  ...DELIVERY_FILTERS.map((filter) => ({ page: "deliveries", path: withQuery("/api/deliveries", filter) })),
  ...FACET_FILTERS.map((filter) => ({ page: "facets", path: withQuery("/api/deliveries/facets", filter) })),
  { page: "delivery", path: "/api/deliveries/{delivery}" },
  { page: "delivery", path: "/api/deliveries/{delivery}/attempts" },
  { page: "replays", path: "/api/deliveries/replays" },
  ...EVENT_FILTERS.map((filter) => ({ page: "events", path: withQuery("/api/events", filter) })),
  { page: "event", path: "/api/events/{event}" },
  { page: "event types", path: "/api/event-types" },
  { page: "audit log", path: "/api/audit-log" },
  { page: "audit log", path: "/api/audit-log?action=connection.*" },
  { page: "members", path: "/api/members" },
  { page: "API keys", path: "/api/api-keys" },
  { page: "system", path: "/api/system" },
];

/** The path with its placeholders filled in. */
export function fillIn(path: string, ids: SeededIds): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(ids[name as keyof SeededIds]));
}
