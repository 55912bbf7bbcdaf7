import { sql } from "kysely";
import type { Database, Dialect } from "../db/open.ts";
import { type Page, type PageRequest, readPage, type WalkColumns } from "../db/paging.ts";
import type { Receiver } from "../domain/diagnostics/detect-receiver.ts";
import type { Explanation } from "../domain/diagnostics/explanation.ts";
import { OpenSendError } from "../domain/errors.ts";
import type { IssueRun, IssueState } from "../domain/issue.ts";
import { type Cause, readCause } from "../domain/statistics.ts";
import { type IssueRow, toRun } from "../statistics/issue-row.ts";
import { readPendingOf } from "../statistics/read-pending.ts";
import { unpackExplanation } from "./attempt-columns.ts";
import { explainCause } from "./explain-cause.ts";
import { isOwnDelivery, type OwnDeliveries } from "./own-deliveries.ts";

export type IssueListing = {
  readonly id: string;
  readonly connection: { readonly id: string; readonly name: string };
  readonly cause: Cause;
  readonly run: IssueRun;
  /** Pending deliveries of the connection. */
  readonly waiting: number;
  readonly explanation: Explanation;
  /** The beginning of the receiver's response; null without a response, and once it is deleted. */
  readonly receiverText: string | null;
};

export type IssueFilter = {
  /** Null for all. */
  readonly state: IssueState | null;
  readonly connectionId: string | null;
  /** The deliveries whose issues the caller can see; null for all. */
  readonly own: OwnDeliveries | null;
};

type ReadDeps = { readonly db: Database; readonly dialect: Dialect };

const RECEIVER_TEXT_MAX = 300;

const BY_IMPACT: WalkColumns = { time: "issues.impact", id: "issues.id" };
const BY_TIME: WalkColumns = { time: "issues.last_seen_at", id: "issues.id" };

/** Whether a list of these is sorted by impact; otherwise by when an issue was last seen. */
export function isByImpact(state: IssueState | null): boolean {
  return state === "open" || state === "muted";
}

/** Issues of existing connections. The page is sorted by `createdAt`. */
export async function listIssues(
  deps: ReadDeps,
  workspaceId: string,
  { state, connectionId, own }: IssueFilter,
  page: PageRequest,
): Promise<Page<IssueListing & { readonly createdAt: number }>> {
  const columns = isByImpact(state) ? BY_IMPACT : BY_TIME;
  let query = selectIssues(deps.db, workspaceId, own).select(sql.ref<number>(columns.time).as("created_at"));
  if (state !== null) query = query.where("issues.state", "=", state);
  if (connectionId !== null) query = query.where("issues.connection_id", "=", connectionId);
  const { rows, hasMore } = await readPage(query, page, columns);
  const listed = await withDetails(deps, workspaceId, rows, own);
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  return { hasMore, rows: listed.map((one) => ({ ...one, createdAt: rowOf.get(one.id)?.created_at ?? 0 })) };
}

/** @throws {OpenSendError} `not_found`. */
export async function getIssue(
  deps: ReadDeps,
  workspaceId: string,
  id: string,
  own: OwnDeliveries | null = null,
): Promise<IssueListing> {
  const rows = await selectIssues(deps.db, workspaceId, own).where("issues.id", "=", id).execute();
  const [issue] = await withDetails(deps, workspaceId, rows, own);
  if (issue === undefined) throw issueNotFound();
  return issue;
}

export function issueNotFound(): OpenSendError {
  return new OpenSendError(
    "not_found",
    "This workspace has no issue with that id. It may have been deleted with the statuses of its deliveries. Copy the id from the list of issues.",
  );
}

type Row = IssueRow & {
  readonly connection_name: string;
  readonly receiver: Receiver;
};

function selectIssues(db: Database, workspaceId: string, own: OwnDeliveries | null) {
  const query = db
    .selectFrom("issues")
    .innerJoin("connections", "connections.id", "issues.connection_id")
    .selectAll("issues")
    .select(["connections.name as connection_name", "connections.receiver"])
    .where("issues.workspace_id", "=", workspaceId);
  return own === null ? query : query.where("connections.owner_key_id", "=", own.ownerKeyId);
}

async function withDetails(
  deps: ReadDeps,
  workspaceId: string,
  rows: readonly Row[],
  own: OwnDeliveries | null,
): Promise<IssueListing[]> {
  if (rows.length === 0) return [];
  const connectionIds = [...new Set(rows.map((row) => row.connection_id))];
  const pending = await readPendingOf(deps, workspaceId, connectionIds);
  const examples = await readExamples(deps, rows, own);
  return rows.map((row) => {
    const cause = causeOf(row);
    const example = examples.get(row.id);
    const run = toRun(row);
    return {
      id: row.id,
      connection: { id: row.connection_id, name: row.connection_name },
      cause,
      run: { ...run, exampleDeliveryId: example === undefined ? null : run.exampleDeliveryId },
      waiting: pending.get(row.connection_id) ?? 0,
      explanation: example?.explanation ?? explainCause(cause, row.receiver),
      receiverText: example?.text ?? null,
    };
  });
}

function causeOf({ cause }: Row): Cause {
  return readCause(cause) ?? { errorCode: "internal_error", responseStatus: null, host: "" };
}

type Example = { readonly explanation: Explanation | null; readonly text: string | null };

/** The example deliveries that still exist, each with the latest attempt of that cause, if it is kept. */
async function readExamples(
  { db, dialect }: ReadDeps,
  rows: readonly Row[],
  own: OwnDeliveries | null,
): Promise<Map<string, Example>> {
  const wanted = rows.map((row) => [row.id, row.example_delivery_id, ...attemptKey(row)]);
  const { rows: found } = await sql<{
    issue_id: string;
    response_status: number | null;
    explanation: string | null;
    response_body: string | null;
  }>`
    select latest.issue_id, attempts.response_status, attempts.explanation,
      substr(attempts.response_body, 1, ${sql.lit(RECEIVER_TEXT_MAX + 1)}) as response_body
    from (
      select wanted.issue_id, deliveries.id as delivery_id, (
        select max(number) from attempts
        where attempts.delivery_id = deliveries.id and attempts.error_code = wanted.error_code
          and coalesce(attempts.response_status, 0) = wanted.status) as number
      from ${wantedExamples(dialect, wanted)} join deliveries on deliveries.id = wanted.delivery_id
      where ${isOwnDelivery(own)}) as latest
    left join attempts on attempts.delivery_id = latest.delivery_id and attempts.number = latest.number`.execute(
    db,
  );
  return new Map(
    found.map(({ issue_id: id, explanation, response_status: status, response_body: body }) => [
      id,
      {
        explanation: explanation === null ? null : unpackExplanation(explanation, status),
        text: body === null ? null : excerpt(body),
      },
    ]),
  );
}

function attemptKey(row: Row): readonly [errorCode: string, status: number] {
  const { errorCode, responseStatus } = causeOf(row);
  return [errorCode, responseStatus ?? 0];
}

function wantedExamples(dialect: Dialect, rows: readonly (readonly unknown[])[]) {
  if (dialect === "sqlite") {
    return sql`(
      select value ->> 0 as issue_id, value ->> 1 as delivery_id, value ->> 2 as error_code, value ->> 3 as status
      from json_each(${JSON.stringify(rows)})) as wanted`;
  }
  const column = (index: number) => rows.map((row) => row[index]);
  return sql`unnest(${column(0)}::text[], ${column(1)}::text[], ${column(2)}::text[], ${column(3)}::bigint[])
    as wanted (issue_id, delivery_id, error_code, status)`;
}

function excerpt(body: string): string | null {
  const text = body.trim();
  if (text === "") return null;
  return text.length > RECEIVER_TEXT_MAX ? `${text.slice(0, RECEIVER_TEXT_MAX).trimEnd()}…` : text;
}
