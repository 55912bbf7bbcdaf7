import type { z } from "zod";
import { getConnection } from "../../../connections/read.ts";
import { OpenSendError } from "../../../domain/errors.ts";
import type { Dimension } from "../../../domain/statistics.ts";
import { chooseRange, type Range, type RangeFault } from "../../../domain/statistics-range.ts";
import { readPending, readPendingOf } from "../../../statistics/read-pending.ts";
import { readStatistics } from "../../../statistics/read-statistics.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { problems } from "../../schemas/shared.ts";
import { presentStatistics, StatisticsAnswer, StatisticsRequest } from "../../schemas/statistics.ts";
import type { Services } from "../../services.ts";

type Query = z.infer<typeof StatisticsRequest>;

export function readStatisticsRoute(app: ApiServer, { instance, deliveries }: Services): void {
  const { db, dialect } = deliveries;
  app.get(
    "/api/statistics",
    {
      config: { requires: "read" },
      schema: {
        operationId: "getStatistics",
        summary: "Retrieve attempts, deliveries and events over time",
        description:
          "Attempts are added up as they are recorded, so reading takes the same time with millions of deliveries as with a few. Minutes are kept for 48 hours, hours as long as statuses. An interval keeps separate figures for up to 200 event types, 200 causes, 1,000 connections per minute, 20 causes per connection and hour, and 1,000 combinations of all three per hour; anything beyond is added up together.",
        tags: [TAGS.statistics],
        security: KEY_OR_SESSION,
        querystring: StatisticsRequest,
        response: {
          200: StatisticsAnswer,
          ...problems("unauthenticated", "forbidden", "not_found", "validation_failed"),
        },
      },
    },
    async (request) => {
      const { workspaceId } = callerOf(request);
      const filter = readFilter(request.query);
      const { group_by: groupBy = null, limit } = request.query;
      const range = requireRange(request.query, filter, instance.now());
      const { connectionId } = filter;
      if (connectionId !== null) await getConnection(db, workspaceId, connectionId);
      const deps = { db, dialect, now: instance.now };
      const statistics = await readStatistics(deps, { workspaceId, ...range, groupBy, limit, filter });
      const isOfQueues = [filter.eventType, filter.outcome, filter.cause].every((one) => one === null);
      const groups = groupBy === "connection" ? statistics.series.flatMap(({ group }) => group ?? []) : [];
      const pending = isOfQueues && {
        total: await readPending(db, workspaceId, connectionId),
        byConnection: await readPendingOf(deps, workspaceId, groups),
      };
      return presentStatistics({ ...range, groupBy }, statistics, pending || null);
    },
  );
}

function readFilter({ connection_id, event_type, outcome, cause }: Query) {
  return {
    connectionId: connection_id?.toLowerCase() ?? null,
    eventType: event_type === undefined || event_type === "*" ? null : event_type,
    outcome: outcome ?? null,
    cause: cause ?? null,
  };
}

/** @throws {OpenSendError} `validation_failed`. */
function requireRange(query: Query, filter: ReturnType<typeof readFilter>, now: number): Range {
  const { from, to, interval = null, group_by: groupBy = null, limit } = query;
  const filteredBy: readonly Dimension[] = [
    ...(filter.connectionId === null ? [] : (["connection"] as const)),
    ...(filter.eventType === null ? [] : (["event_type"] as const)),
    ...(filter.cause === null ? [] : (["cause"] as const)),
  ];
  const range = chooseRange(
    { from: readTime(from), to: readTime(to), interval, groupBy, limit, filteredBy },
    now,
  );
  if ("interval" in range) return range;
  throw refused(range);
}

function readTime(text: string | undefined): number | null {
  return text === undefined ? null : Date.parse(text);
}

function refused(faults: readonly RangeFault[]): OpenSendError {
  const detail = faults.map(({ path, message }) => `\`${path}\`: ${message}`).join(" ");
  return new OpenSendError("validation_failed", detail, { fields: faults });
}
