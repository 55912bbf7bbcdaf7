/** Pages of the documentation that this server serves, by the question they answer. */
export const DOCS_TOPICS = {
  "API keys": "/docs/security#api-keys",
  alerts: "/docs/alerts",
  "audit log": "/docs/security#audit-log",
  "connection settings": "/docs/integrations#connect",
  "custom headers": "/docs/integrations#custom-headers",
  "encryption key": "/docs/security#changing-the-key",
  "failed attempts": "/docs/integrations#errors",
  inspector: "/docs/integrations#the-built-in-inspector",
  issues: "/docs/integrations#issues",
  "keyboard shortcuts": "/docs/dashboard#keyboard-shortcuts",
  mail: "/docs/alerts#mail",
  members: "/docs/dashboard#members",
  "outbound requests": "/docs/security#the-egress-guard",
  replays: "/docs/integrations#replay",
  retention: "/docs/self-hosting#retention",
  "rotating a secret": "/docs/verifying#change-the-secret-without-downtime",
  "sending events": "/docs/integrations#events",
  statistics: "/docs/integrations#statistics",
  system: "/docs/self-hosting#health",
  "test events": "/docs/integrations#test-event",
  "verifying signatures": "/docs/verifying",
} as const;

export type DocsTopic = keyof typeof DOCS_TOPICS;
