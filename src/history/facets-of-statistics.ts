import { type RawBuilder, type SqlBool, sql } from "kysely";
import { isAmong } from "../db/among.ts";
import { statusRange } from "../domain/response-class.ts";
import { type Dimension, OTHER, readCause } from "../domain/statistics.ts";
import { readBacklogs } from "../statistics/read-pending.ts";
import { isOfType, type RollupRow, readRollups } from "../statistics/read-rollups.ts";
import { add, type FacetDeps, type Facets, noCounts, toFacets } from "./facet-counts.ts";
import type { DeliveryFilter } from "./read-filter.ts";

type TimeRange = { readonly from: number; readonly to: number };

/**
 * The facets of a filter according to the statistics: deliveries that ended within the time range, by their last
 * attempt, and pending deliveries now. For deliveries that have not ended, failed attempts count as their last error.
 */
export async function addUpFacets(
  deps: FacetDeps,
  workspaceId: string,
  filter: DeliveryFilter,
  { from, to }: TimeRange,
): Promise<Facets> {
  const counts = noCounts();
  const also = alsoOf(deps.dialect, filter);
  const isFailedOnly = filter.statuses?.every((status) => status === "failed") === true;
  const read = (groupBy: Dimension) =>
    readRollups(
      deps,
      { workspaceId, interval: "hour", from, to },
      { filter: NO_FILTER, groupBy, groups: null, also, byStart: false, withLatency: false },
    );
  const matches = (row: RollupRow) =>
    filter.statuses === null || filter.statuses.some((one) => one === row.outcome);
  for (const row of await read("connection")) {
    if (!matches(row) || row.outcome === "retrying") continue;
    if (row.group !== OTHER) add(counts.connection, row.group, row.counts.deliveries);
    add(counts.status, row.outcome, row.counts.deliveries);
  }
  for (const row of await read("event_type")) {
    const hasEnded = row.outcome === "delivered" || row.outcome === "failed";
    if (hasEnded && matches(row) && row.group !== OTHER)
      add(counts.eventType, row.group, row.counts.deliveries);
  }
  const includesPending = filter.statuses === null || filter.statuses.includes("pending");
  for (const row of await read("cause")) {
    const cause = readCause(row.group);
    const isIncluded = row.outcome === "retrying" ? includesPending : matches(row);
    if (cause === null || !isIncluded) continue;
    const count = isFailedOnly ? row.counts.deliveries : row.counts.attempts;
    add(counts.errorCode, cause.errorCode, count);
    add(counts.responseStatus, cause.responseStatus, count);
  }
  if (includesPending && filter.eventTypes === null && !filtersByCause(filter)) {
    for (const [connectionId, pending] of await readBacklogs(deps, workspaceId, filter.connectionIds)) {
      add(counts.status, "pending", pending);
      add(counts.connection, connectionId, pending);
    }
  }
  return toFacets(counts);
}

const NO_FILTER = { connectionId: null, eventType: null, outcome: null, cause: null } as const;

function filtersByCause({ errorCodes, responseStatuses, response }: DeliveryFilter): boolean {
  return errorCodes !== null || responseStatuses !== null || response !== null;
}

function alsoOf(dialect: FacetDeps["dialect"], filter: DeliveryFilter) {
  const { connectionIds, eventTypes } = filter;
  const dimensions: Dimension[] = [];
  const conditions: RawBuilder<SqlBool>[] = [];
  if (connectionIds !== null) {
    dimensions.push("connection");
    conditions.push(isAmong(dialect, sql<string>`connection_id`, connectionIds));
  }
  if (eventTypes !== null) {
    const isOne = eventTypes.map((type) => isOfType(sql`event_type`, type));
    dimensions.push("event_type");
    conditions.push(sql`(${sql.join(isOne, sql` or `)})`);
  }
  if (filtersByCause(filter)) {
    dimensions.push("cause");
    conditions.push(...causeConditions(filter));
  }
  return { dimensions, conditions };
}

/** A cause has the form `code/status/host`, and is empty for delivered ones. */
function causeConditions({ errorCodes, responseStatuses, response }: DeliveryFilter): RawBuilder<SqlBool>[] {
  const beginsWithCode = (code: string) =>
    sql<SqlBool>`substr(cause, 1, ${sql.lit(code.length + 1)}) = ${`${code}/`}`;
  const hasStatus = (status: string) => sql<SqlBool>`cause like ${`%/${status}/%`}`;
  const isDelivered = sql<SqlBool>`cause = ''`;
  const any = (some: readonly RawBuilder<SqlBool>[]) => sql<SqlBool>`(${sql.join(some, sql` or `)})`;
  const range = response === null ? null : statusRange(response);
  return [
    ...(errorCodes === null ? [] : [any(errorCodes.map(beginsWithCode))]),
    ...(responseStatuses === null
      ? []
      : [
          any(
            responseStatuses.map((one) => (one >= 200 && one < 300 ? isDelivered : hasStatus(String(one)))),
          ),
        ]),
    ...(response === null
      ? []
      : [range === null ? hasStatus("-") : response === "2xx" ? isDelivered : hasStatus(`${response[0]}__`)]),
  ];
}
