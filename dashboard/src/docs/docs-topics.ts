/** Pages of the documentation that this server serves, by what somebody asks about. */
export const DOCS_TOPICS = {
  "API keys": "/docs/security#api-keys",
  "API reference": "/docs/api",
  "audit log": "/docs/security#audit-log",
  configuration: "/docs/configuration",
  "connection settings": "/docs/integrations#connect",
  "encryption key": "/docs/security#changing-the-key",
  "error codes": "/docs/errors",
  "failed attempts": "/docs/integrations#errors",
  "idempotency keys": "/docs/integrations#idempotency",
  inspector: "/docs/integrations#the-built-in-inspector",
  "keyboard shortcuts": "/docs/dashboard#keyboard-shortcuts",
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
