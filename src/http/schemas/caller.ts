import { z } from "zod";
import { CALLER_SCOPES, type Identity, scopesOf } from "../../auth/identity.ts";
import type { CallerDetails } from "../../auth/read-caller.ts";
import { keyAccess } from "./api-key.ts";
import { role } from "./session.ts";
import { timestamp, toNullableTimestamp, uuid } from "./shared.ts";

const CallerView = z
  .object({
    kind: z.enum(["api_key", "session"]),
    access: keyAccess.nullable().meta({ description: "Of a key" }),
    role: role.nullable().meta({ description: "Of a person" }),
    scopes: z.array(z.enum(CALLER_SCOPES)).meta({ description: "What the caller may do" }),
    event_types: z
      .array(z.string())
      .nullable()
      .meta({ description: "Event types and patterns that a key is limited to; null for all" }),
    key: z
      .object({
        id: uuid,
        name: z.string(),
        prefix: z.string(),
        last_four: z.string(),
        expires_at: timestamp.nullable(),
      })
      .nullable(),
    user: z.object({ id: uuid, name: z.string(), email: z.string() }).nullable(),
    workspace: z.object({ id: uuid, name: z.string() }),
  })
  .meta({ id: "Caller" });

export const CallerAnswer = z
  .object({ object: z.literal("caller"), data: CallerView })
  .meta({ id: "CallerAnswer" });

export function presentCaller(
  identity: Identity,
  { key, user, workspace }: CallerDetails,
): z.infer<typeof CallerAnswer> {
  return {
    object: "caller",
    data: {
      kind: identity.kind === "user" ? "session" : "api_key",
      access: identity.kind === "api_key" ? identity.access : null,
      role: identity.kind === "user" ? identity.role : null,
      scopes: [...scopesOf(identity)],
      event_types: key?.eventTypes ? [...key.eventTypes] : null,
      key: key && {
        id: key.id,
        name: key.name,
        prefix: key.prefix,
        last_four: key.lastFour,
        expires_at: toNullableTimestamp(key.expiresAt),
      },
      user,
      workspace,
    },
  };
}
