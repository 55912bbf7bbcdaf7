import { z } from "zod";
import type { WorkspaceSettings } from "../../auth/workspace-settings.ts";
import type { RetentionDays } from "../../domain/retention-days.ts";
import { line, timestamp, toTimestamp, uuid } from "./shared.ts";

const DAYS_MAX = 36_500;
const days = z.int().min(0).max(DAYS_MAX);
const ownDays = days.nullable();

const WorkspaceData = z
  .object({
    id: uuid,
    name: z.string(),
    created_at: timestamp,
    retention: z.object({ payload_days: ownDays, status_days: ownDays }).meta({
      description: "Days this workspace has set for itself, 0 for ever; null follows the instance",
    }),
    retention_limits: z.object({ payload_days: days, status_days: days }).meta({
      description: "The instance's days, which no workspace may exceed; 0 for ever",
    }),
  })
  .meta({ id: "Workspace" });

export const WorkspaceAnswer = z
  .object({ object: z.literal("workspace"), data: WorkspaceData })
  .meta({ id: "WorkspaceAnswer" });

export function presentWorkspace(
  workspace: WorkspaceSettings,
  limits: RetentionDays,
): z.infer<typeof WorkspaceAnswer> {
  const { id, name, createdAt, retentionDays } = workspace;
  return {
    object: "workspace",
    data: {
      id,
      name,
      created_at: toTimestamp(createdAt),
      retention: { payload_days: retentionDays.payloadDays, status_days: retentionDays.statusDays },
      retention_limits: { payload_days: limits.payloadDays, status_days: limits.statusDays },
    },
  };
}

export const WorkspaceBody = z
  .strictObject({
    name: line({ min: 1, max: 100 }).optional(),
    retention: z
      .strictObject({ payload_days: ownDays.optional(), status_days: ownDays.optional() })
      .refine((retention) => Object.keys(retention).length > 0, "Name at least one of the two.")
      .meta({ minProperties: 1 })
      .optional()
      .meta({ description: "Up to the instance's days; statuses at least as long as payloads" }),
  })
  .refine((body) => Object.keys(body).length > 0, "Name at least one field to change.")
  .meta({ id: "UpdateWorkspaceRequest", minProperties: 1 });
