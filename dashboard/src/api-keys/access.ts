import type { ApiKey } from "../api/types.ts";

export const ACCESS_NAMES: Record<ApiKey["access"], string> = {
  full_access: "Full access",
  sending_access: "Sending access",
};

export const ACCESS_OPTIONS = [
  {
    value: "full_access",
    label: ACCESS_NAMES.full_access,
    description: "What an admin can do, except for members, workspace settings, account and sessions.",
  },
  {
    value: "sending_access",
    label: ACCESS_NAMES.sending_access,
    description: "Posts events and nothing else. For your application.",
  },
] as const;
