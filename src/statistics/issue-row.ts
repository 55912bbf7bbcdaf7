import type { BulkRow, MergedTable } from "../db/hot-statements.ts";
import type { StatisticsTables } from "../db/statistics-tables.ts";
import type { IssueRun } from "../domain/issue.ts";

export type IssueRow = StatisticsTables["issues"];

/** An issue in the form that the fold uses. */
export type Issue = {
  readonly id: string;
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly cause: string;
  readonly run: IssueRun;
  readonly impact: number;
};

/** An existing row is replaced, since the fold has read and locked it. */
export const ISSUES: MergedTable = {
  name: "issues",
  columns: {
    workspace_id: "text",
    connection_id: "text",
    cause: "text",
    id: "text",
    state: "text",
    first_seen_at: "bigint",
    last_seen_at: "bigint",
    failed_deliveries: "bigint",
    retrying_attempts: "bigint",
    impact: "bigint",
    example_delivery_id: "text",
    last_success_at: "bigint",
    is_intermittent: "bigint",
    continues_until: "bigint",
    resolves_at: "bigint",
    resolved_at: "bigint",
    muted_at: "bigint",
  },
  key: ["workspace_id", "connection_id", "cause"],
  merge: {
    state: "replace",
    first_seen_at: "replace",
    last_seen_at: "replace",
    failed_deliveries: "replace",
    retrying_attempts: "replace",
    impact: "replace",
    example_delivery_id: "replace",
    last_success_at: "replace",
    is_intermittent: "replace",
    continues_until: "replace",
    resolves_at: "replace",
    resolved_at: "replace",
    muted_at: "replace",
  },
};

export function toIssue(row: IssueRow): Issue {
  const { id, workspace_id: workspaceId, connection_id: connectionId, cause, impact } = row;
  return { id, workspaceId, connectionId, cause, impact, run: toRun(row) };
}

export function toRun(row: Omit<IssueRow, "workspace_id" | "connection_id" | "cause" | "id">): IssueRun {
  return {
    state: row.state,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    failedDeliveries: row.failed_deliveries,
    retryingAttempts: row.retrying_attempts,
    exampleDeliveryId: row.example_delivery_id,
    lastSuccessAt: row.last_success_at,
    isIntermittent: row.is_intermittent === 1,
    continuesUntil: row.continues_until,
    resolvesAt: row.resolves_at,
    resolvedAt: row.resolved_at,
    mutedAt: row.muted_at,
  };
}

/** The columns that change with an issue's run. */
export function runColumns(run: IssueRun) {
  return {
    state: run.state,
    first_seen_at: run.firstSeenAt,
    last_seen_at: run.lastSeenAt,
    failed_deliveries: run.failedDeliveries,
    retrying_attempts: run.retryingAttempts,
    example_delivery_id: run.exampleDeliveryId,
    last_success_at: run.lastSuccessAt,
    is_intermittent: run.isIntermittent ? 1 : 0,
    continues_until: run.continuesUntil,
    resolves_at: run.resolvesAt,
    resolved_at: run.resolvedAt,
    muted_at: run.mutedAt,
  };
}

export function issueRow({ id, workspaceId, connectionId, cause, run, impact }: Issue): BulkRow {
  const row: IssueRow = {
    id,
    workspace_id: workspaceId,
    connection_id: connectionId,
    cause,
    impact,
    ...runColumns(run),
  };
  return Object.keys(ISSUES.columns).map((column) => row[column as keyof IssueRow]);
}
