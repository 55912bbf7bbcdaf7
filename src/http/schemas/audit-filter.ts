import { z } from "zod";
import type { AuditFilter } from "../../audit/list-audit.ts";
import { isUuid } from "../../domain/id.ts";
import { time, uuid } from "./shared.ts";

const ACTOR_KINDS = ["user", "api_key", "cli", "system", "anonymous"] as const;

/** What audit entries are narrowed to, in the list and in the export. */
export const auditFilterFields = {
  action: z
    .string()
    .max(100)
    .regex(
      /^[a-z_]+\.([a-z_]+|\*)$/,
      "Must be an action, such as connection.updated, or all of an object: connection.*.",
    )
    .optional()
    .meta({ description: "An action, or all of an object: `connection.*`" }),
  actor: z
    .union([z.enum(ACTOR_KINDS), uuid], { error: `Must be an id, or one of ${ACTOR_KINDS.join(", ")}.` })
    .optional()
    .meta({ description: "The id of a person or an API key, or a kind of actor" }),
  target_id: uuid.optional(),
  created_from: time.optional(),
  created_before: time.optional(),
};

const Fields = z.object(auditFilterFields);

export function readAuditFilter(fields: z.infer<typeof Fields>): AuditFilter {
  const { action, actor, target_id, created_from, created_before } = fields;
  const isId = actor !== undefined && isUuid(actor);
  return {
    action: action ?? null,
    exceptAction: null,
    actorKind: ACTOR_KINDS.find((kind) => kind === actor) ?? null,
    actorId: isId ? actor : null,
    targetId: target_id ?? null,
    createdFrom: created_from === undefined ? null : Date.parse(created_from),
    createdBefore: created_before === undefined ? null : Date.parse(created_before),
  };
}
