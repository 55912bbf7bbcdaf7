import { z } from "zod";
import type { AuditListing } from "../../audit/list-audit.ts";
import { listOf, timestamp, toTimestamp, uuid } from "./shared.ts";

export const AuditEntryView = z
  .object({
    id: uuid,
    action: z.string(),
    actor: z.object({
      kind: z.string(),
      id: uuid.nullable(),
      name: z.string(),
      address: z.string().nullable(),
    }),
    target: z.object({ kind: z.string(), id: uuid.nullable() }),
    metadata: z.record(z.string(), z.unknown()),
    created_at: timestamp,
  })
  .meta({ id: "AuditEntry", description: "Who did what, to what, when and from which address" });

export const AuditEntryList = listOf("AuditEntryList", AuditEntryView);

export function presentAuditEntry(entry: AuditListing): z.infer<typeof AuditEntryView> {
  return {
    id: entry.id,
    action: entry.action,
    actor: { ...entry.actor, address: entry.address },
    target: entry.target,
    metadata: entry.metadata,
    created_at: toTimestamp(entry.createdAt),
  };
}
