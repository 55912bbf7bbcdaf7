import { z } from "zod";
import type { ApiKey } from "../../auth/api-keys.ts";
import { line, listOf, timestamp, toNullableTimestamp, toTimestamp, uuid } from "./shared.ts";

const access = z.enum(["full_access", "sending_access"]).meta({
  id: "ApiKeyAccess",
  description:
    "`sending_access` can only send events: use it for your app. `full_access` can do everything an admin can, except members, workspace settings, accounts and sessions.",
});

export const ApiKeyView = z
  .object({
    id: uuid,
    name: z.string(),
    access,
    prefix: z.string(),
    last_four: z.string(),
    created_by: z.object({ id: uuid, name: z.string() }).nullable(),
    created_at: timestamp,
    last_used_at: timestamp.nullable(),
    expires_at: timestamp.nullable(),
    revoked_at: timestamp.nullable(),
  })
  .meta({ id: "ApiKey" });

export const ApiKeyList = listOf("ApiKeyList", ApiKeyView);

const apiKeyAnswer = { object: z.literal("api_key"), data: ApiKeyView };

export const ApiKeyAnswer = z.object(apiKeyAnswer).meta({ id: "ApiKeyAnswer" });
export const CreatedApiKeyAnswer = z
  .object({ ...apiKeyAnswer, key: z.string().meta({ description: "The key. Only this response shows it." }) })
  .meta({ id: "CreatedApiKeyAnswer" });

export const CreateApiKeyBody = z
  .strictObject({
    name: line({ min: 1, max: 100 }),
    access: access.default("sending_access"),
    expires_at: z.iso
      .datetime({ offset: true, error: "Must be an ISO 8601 time such as 2027-01-31T00:00:00Z." })
      .refine((text) => Date.parse(text) > Date.now(), "Must be in the future.")
      .nullable()
      .optional(),
  })
  .meta({ id: "CreateApiKeyRequest" });

export function presentApiKey(key: ApiKey): z.infer<typeof ApiKeyView> {
  return {
    id: key.id,
    name: key.name,
    access: key.access,
    prefix: key.prefix,
    last_four: key.lastFour,
    created_by: key.createdBy,
    created_at: toTimestamp(key.createdAt),
    last_used_at: toNullableTimestamp(key.lastUsedAt),
    expires_at: toNullableTimestamp(key.expiresAt),
    revoked_at: toNullableTimestamp(key.revokedAt),
  };
}
