import {
  effectiveRetentionDays,
  findRetentionDaysFaults,
  type OwnRetentionDays,
} from "../../../../src/domain/retention-days.ts";
import type { Workspace } from "../../api/types.ts";
import { lineChecks } from "../../forms/line.ts";
import { z } from "../../forms/schema.ts";
import { inDays } from "../../text/days.ts";
import type { WorkspaceChange } from "../queries.ts";

const NAME_LENGTH_MAX = 100;
const DAYS_MAX = 36_500;

const isDays = (text: string) => text === "" || (/^\d{1,5}$/.test(text) && Number(text) <= DAYS_MAX);
const days = z
  .string()
  .check(z.trim(), z.refine<string>(isDays, "Enter a whole number of days, or leave it empty."));

const fields = z.object({
  name: z.string().check(...lineChecks(NAME_LENGTH_MAX), z.minLength(1, "Enter a name.")),
  payload_days: days,
  status_days: days,
});

export type WorkspaceValues = z.infer<typeof fields>;

/** The initial values of the settings form. Empty days use the server default. */
export function valuesOf({ name, retention }: Workspace): WorkspaceValues {
  return {
    name,
    payload_days: String(retention.payload_days ?? ""),
    status_days: String(retention.status_days ?? ""),
  };
}

/** The valid values. Unchanged days can exceed the instance's limit, because the operator may have lowered it since. */
export function workspaceSchema(workspace: Workspace) {
  return fields.check((context) => {
    const values = context.value;
    if (!isDays(values.payload_days) || !isDays(values.status_days)) return;
    if (Object.keys(retentionOf(workspace, values)).length === 0) return;
    for (const { part, message } of findRetentionDaysFaults(limitsOf(workspace), ownDaysOf(values))) {
      const field = part === "payloadDays" ? "payload_days" : "status_days";
      context.issues.push({ code: "custom", message, path: [field], input: values[field] });
    }
  });
}

/** The changed values only. */
export function changeOf(workspace: Workspace, values: WorkspaceValues): WorkspaceChange {
  const retention = retentionOf(workspace, values);
  return {
    ...(values.name !== workspace.name && { name: values.name }),
    ...(Object.keys(retention).length > 0 && { retention }),
  };
}

/** The data that a shorter retention deletes, in words; null when no retention is shorter than before. */
export function deletionWords(workspace: Workspace, values: WorkspaceValues): string | null {
  const limits = limitsOf(workspace);
  const before = effectiveRetentionDays(limits, ownDaysOf(valuesOf(workspace)));
  const after = effectiveRetentionDays(limits, ownDaysOf(values));
  const isShorter = (now: number, then: number) => then !== 0 && (now === 0 || then < now);
  const statuses = isShorter(before.statusDays, after.statusDays)
    ? `all events accepted more than ${inDays(after.statusDays)} ago, with their deliveries`
    : null;
  const payloads = isShorter(before.payloadDays, after.payloadDays)
    ? `the payloads and attempts of events accepted more than ${inDays(after.payloadDays)} ago`
    : null;
  return [payloads, statuses].filter((part) => part !== null).join(", and ") || null;
}

function retentionOf(workspace: Workspace, values: WorkspaceValues) {
  const before = valuesOf(workspace);
  const own = ownDaysOf(values);
  return {
    ...(values.payload_days !== before.payload_days && { payload_days: own.payloadDays }),
    ...(values.status_days !== before.status_days && { status_days: own.statusDays }),
  };
}

function limitsOf({ retention_limits: limits }: Workspace) {
  return { payloadDays: limits.payload_days, statusDays: limits.status_days };
}

function ownDaysOf({ payload_days, status_days }: WorkspaceValues): OwnRetentionDays {
  const daysOf = (text: string) => (text === "" ? null : Number(text));
  return { payloadDays: daysOf(payload_days), statusDays: daysOf(status_days) };
}
