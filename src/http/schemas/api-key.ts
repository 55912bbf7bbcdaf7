import { z } from "zod";
import type { ApiKey } from "../../auth/api-keys.ts";
import {
  eventTypePattern,
  givenId,
  line,
  listOf,
  timestamp,
  toNullableTimestamp,
  toTimestamp,
  uuid,
} from "./shared.ts";

export const keyAccess = z.enum(["full_access", "sending_access", "connections"]).meta({
  id: "ApiKeyAccess",
  description:
    "`sending_access` can only send events: use it for your app. `connections` can create connections, manage those it created, read and retry their deliveries, read their issues, and read events and event types: use it for integrations such as Zapier and n8n. `full_access` can do everything an admin can, except members, workspace settings, accounts and sessions.",
});

const EVENT_TYPES_MAX = 100;
const limitedTypes = z
  .array(eventTypePattern.refine((pattern) => pattern !== "*", "For all event types, leave event_types out."))
  .min(1, "Name at least one event type, or leave event_types out for all.")
  .max(EVENT_TYPES_MAX, `At most ${EVENT_TYPES_MAX} event types.`)
  .refine((types) => new Set(types).size === types.length, "Each event type only once.")
  .meta({ uniqueItems: true, examples: [["order.*"]] });
const LIMITS =
  "Event types and patterns such as `order.*` that the key is limited to: it sends only those, or subscribes connections to those and reads only those. Null for all";

export const ApiKeyView = z
  .object({
    id: uuid,
    name: z.string(),
    access: keyAccess,
    event_types: z.array(z.string()).nullable().meta({ description: LIMITS }),
    replaces: uuid
      .nullable()
      .meta({ description: "The first of the keys it replaces, whose connections it manages" }),
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
    access: keyAccess.default("sending_access"),
    event_types: limitedTypes
      .nullable()
      .optional()
      .meta({ description: `${LIMITS}. Not with \`full_access\`.` }),
    replaces: givenId.nullable().optional().meta({
      description:
        "A key with `connections` access: the new one manages the same connections. Both work until you revoke the old one.",
    }),
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
    event_types: key.eventTypes === null ? null : [...key.eventTypes],
    replaces: key.ownerKeyId,
    prefix: key.prefix,
    last_four: key.lastFour,
    created_by: key.createdBy,
    created_at: toTimestamp(key.createdAt),
    last_used_at: toNullableTimestamp(key.lastUsedAt),
    expires_at: toNullableTimestamp(key.expiresAt),
    revoked_at: toNullableTimestamp(key.revokedAt),
  };
}
