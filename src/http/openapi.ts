export const TAGS = {
  integrations: "Integrations",
  events: "Events",
  deliveries: "Deliveries",
  statistics: "Statistics",
  issues: "Issues",
  alerts: "Alerts",
  inspector: "Inspector",
  keys: "API keys",
  people: "Sessions and setup",
  members: "Members and workspaces",
  workspace: "Workspace",
  audit: "Audit log",
  lookup: "Lookup",
  operations: "Operations",
} as const;

/** Security of a route that accepts an API key or a session. */
export const KEY_OR_SESSION = [{ apiKey: [] }, { session: [] }];
export const SESSION_ONLY = [{ session: [] }];
