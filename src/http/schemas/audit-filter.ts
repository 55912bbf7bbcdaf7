import { z } from "zod";
import type { AuditFilter } from "../../audit/list-audit.ts";
import { givenId, time } from "./shared.ts";

const ACTOR_KINDS = ["user", "api_key", "cli", "system", "anonymous"] as const;

const ACTOR = new RegExp(
  `^(?:${ACTOR_KINDS.join("|")}|[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12})$`,
);

/** Filters of audit entries, in the list and in the export. */
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
    .string()
    .regex(ACTOR, `Must be an id, or one of ${ACTOR_KINDS.join(", ")}.`)
    .optional()
    .meta({
      description: `The id of a person or an API key, or a kind of actor: ${ACTOR_KINDS.map((kind) => `\`${kind}\``).join(", ")}`,
    }),
  target_id: givenId.optional(),
  created_from: time.optional(),
  created_before: time.optional(),
};

const Fields = z.object(auditFilterFields);

export function readAuditFilter(fields: z.infer<typeof Fields>): AuditFilter {
  const { action, actor, target_id, created_from, created_before } = fields;
  const actorKind = ACTOR_KINDS.find((kind) => kind === actor) ?? null;
  return {
    action: action ?? null,
    exceptAction: null,
    actorKind,
    actorId: actorKind === null ? (actor?.toLowerCase() ?? null) : null,
    targetId: target_id ?? null,
    createdFrom: created_from === undefined ? null : Date.parse(created_from),
    createdBefore: created_before === undefined ? null : Date.parse(created_before),
  };
}
