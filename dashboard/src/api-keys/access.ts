import type { ApiKey } from "../api/types.ts";

export const ACCESS_NAMES: Record<ApiKey["access"], string> = {
  full_access: "Full access",
  sending_access: "Sending access",
  connections: "Connections",
};

export const ACCESS_OPTIONS = [
  {
    value: "sending_access",
    label: ACCESS_NAMES.sending_access,
    description: "Sends events and nothing else. Use this for your app.",
  },
  {
    value: "connections",
    label: ACCESS_NAMES.connections,
    description:
      "Creates connections, manages those it created with their deliveries, and reads events. Use this for integrations such as Zapier and n8n.",
  },
  {
    value: "full_access",
    label: ACCESS_NAMES.full_access,
    description: "Everything an admin can do, except members, workspace settings, accounts and sessions.",
  },
] as const;
