/** Pages of the documentation that this server serves, by topic. */
export const DOCS_TOPICS = {
  "API keys": "/docs/security#api-keys",
  alerts: "/docs/alerts",
  "audit log": "/docs/security#audit-log",
  "connection settings": "/docs/integrations#connect",
  "custom headers": "/docs/integrations#custom-headers",
  "encryption key": "/docs/security#changing-the-key",
  "failed attempts": "/docs/attempts#errors",
  inspector: "/docs/inspector",
  issues: "/docs/issues",
  "keyboard shortcuts": "/docs/dashboard#keyboard-shortcuts",
  mail: "/docs/alerts#mail",
  members: "/docs/dashboard#members",
  "outbound requests": "/docs/security#the-egress-guard",
  replays: "/docs/replays",
  retention: "/docs/retention",
  "rotating a secret": "/docs/verifying#change-the-secret-without-downtime",
  "sending events": "/docs/events",
  statistics: "/docs/statistics",
  system: "/docs/monitoring#health",
  "test events": "/docs/integrations#test-event",
  "verifying signatures": "/docs/verifying",
} as const;

export type DocsTopic = keyof typeof DOCS_TOPICS;
