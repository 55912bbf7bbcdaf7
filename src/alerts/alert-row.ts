import type { Schema } from "../db/schema.ts";
import type { AlertCondition } from "../domain/alert.ts";
import type { EvaluatedAlert, NoticeState } from "../domain/evaluate-alert.ts";

/** The settings of an alert. */
export type AlertInput = {
  readonly name: string;
  readonly condition: AlertCondition;
  /** Minutes or deliveries; null if the condition has no threshold. */
  readonly threshold: number | null;
  /** Null for every connection. */
  readonly connectionIds: readonly string[] | null;
  /** Memberships of the people who get mail. */
  readonly memberIds: readonly string[];
  /** The connection that receives an event for each notice. */
  readonly notifyConnectionId: string | null;
  readonly isEnabled: boolean;
};

/** An alert of a workspace. Times are epoch milliseconds. */
export type Alert = AlertInput & {
  readonly id: string;
  readonly workspaceId: string;
  readonly lastNoticeAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
};

export type AlertRow = Schema["alerts"];

export function toAlert(row: AlertRow): Alert {
  const noticedAt = Math.max(row.raised_at ?? 0, row.recovered_at ?? 0);
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    name: row.name,
    condition: row.condition,
    threshold: row.threshold,
    connectionIds: row.connection_ids === null ? null : (JSON.parse(row.connection_ids) as string[]),
    memberIds: JSON.parse(row.member_ids) as string[],
    notifyConnectionId: row.notify_connection_id,
    isEnabled: row.is_enabled === 1,
    lastNoticeAt: noticedAt === 0 ? null : noticedAt,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function inputColumns(input: AlertInput) {
  return {
    name: input.name,
    condition: input.condition,
    threshold: input.threshold,
    connection_ids: input.connectionIds === null ? null : JSON.stringify(input.connectionIds),
    member_ids: JSON.stringify(input.memberIds),
    notify_connection_id: input.notifyConnectionId,
    is_enabled: input.isEnabled ? 1 : 0,
  };
}

export function toEvaluated(row: AlertRow): EvaluatedAlert {
  const { connectionIds } = toAlert(row);
  return {
    condition: row.condition,
    threshold: row.threshold,
    connectionIds: connectionIds === null ? null : new Set(connectionIds),
    raisedAt: row.raised_at,
    recoveredAt: row.recovered_at,
  };
}

export function toNoticed(row: Omit<Schema["alert_states"], "alert_id">): NoticeState {
  return { isOpen: row.is_open === 1, raisedAt: row.raised_at, calmSince: row.calm_since };
}
