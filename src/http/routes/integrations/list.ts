import { z } from "zod";
import { type Identity, isConfined } from "../../../auth/identity.ts";
import { CONNECTION_SORTS } from "../../../connections/connection-order.ts";
import { type DayStats, readDayStats } from "../../../connections/day-stats.ts";
import { type ConnectionPage, listConnections } from "../../../connections/list-connections.ts";
import type { ConnectionFilter } from "../../../connections/walk-connections.ts";
import { CONNECTION_STATES, type ConnectionState } from "../../../domain/connection-state.ts";
import { RECEIVERS } from "../../../domain/diagnostics/detect-receiver.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { encodeSortedCursor, readSortedCursor } from "../../cursor.ts";
import { withMetadata } from "../../metadata-query.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { ConnectionList, connectionStatus, presentListedConnection } from "../../schemas/connection.ts";
import { externalId, metadataValue } from "../../schemas/connection-identity.ts";
import { eventTypePattern, givenId, line, pageQuery, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

const STATE = CONNECTION_STATES.join("|");
/** A cursor can contain a name of 255 characters. */
const CURSOR_LENGTH_MAX = 2000;

const Query = z.strictObject({
  status: connectionStatus.optional(),
  state: z
    .string()
    .regex(
      new RegExp(`^(?:${STATE})(?:,(?:${STATE}))*$`),
      `Must be one or more of ${CONNECTION_STATES.join(", ")}, with commas between.`,
    )
    .optional()
    .meta({ description: "One or more states, with commas between", examples: ["failing,held"] }),
  provider: line({ min: 1, max: 64 }).optional(),
  receiver: z.enum(RECEIVERS).optional(),
  event_type: eventTypePattern.optional().meta({
    description: "Connections that receive events of this type, or some of a pattern such as `order.*`",
  }),
  q: line({ min: 1, max: 100 })
    .optional()
    .meta({ description: "Part of the name or of the endpoint's host; or an id" }),
  external_id: externalId.optional().meta({ description: "The connection with this id of yours" }),
  endpoint_fingerprint: z
    .string()
    .regex(/^[0-9a-f]{6}$/, "Must be six hex characters, as in `config.webhook.endpoint_fingerprint`.")
    .optional()
    .meta({
      description:
        "Connections whose URL has this fingerprint. Different URLs may share one: `POST …/connections/find` compares the whole URL",
    }),
  metadata: z
    .record(z.string(), metadataValue)
    .optional()
    .meta({
      description:
        "Connections with all of these pairs in their metadata, as `metadata[customer]=42`. Of those with a pair, the newest 20,000 are looked at",
      examples: [{ customer: "42" }],
    }),
  created_by_key_id: givenId.optional().meta({
    description: "Connections that this API key created, or a key that replaces it",
  }),
  sort: z.enum(CONNECTION_SORTS).default("created_at").meta({
    description:
      "`created_at`: the newest first. `attention`: by state, what fails first, then by pending deliveries. `name`: from A. `volume`: most attempts first. `success_rate`: the lowest first. `p95`: the slowest first. The last three by the last 24 hours.",
  }),
  include: z.literal("stats").optional(),
  limit: pageQuery.limit,
  cursor: z.string().min(1).max(CURSOR_LENGTH_MAX).optional(),
});

export function listConnectionsRoute(app: ApiServer, { integrations, deliveries }: Services): void {
  const { db, sums, now } = integrations;
  const { dialect } = deliveries;
  app.get(
    "/api/integrations/connections",
    {
      config: { requires: "read", keepsToOwn: "itself" },
      preValidation: async (request) => {
        request.query = withMetadata(request.query);
      },
      schema: {
        operationId: "listConnections",
        summary: "List connections",
        description:
          "Disconnected ones are left out unless `status` or `state` asks for them. Sorted by what changes, a connection may move from one page to another between two calls. Sorted other than by `created_at`, or with `state` or `event_type`, the newest 20,000 connections are looked at.",
        tags: [TAGS.integrations],
        security: KEY_OR_SESSION,
        querystring: Query,
        response: {
          200: ConnectionList,
          ...problems("unauthenticated", "forbidden", "invalid_cursor", "validation_failed"),
        },
      },
    },
    async (request) => {
      const { workspaceId } = callerOf(request);
      const { sort, limit, cursor, include } = request.query;
      const after = cursor === undefined ? null : readSortedCursor("connections", sort, cursor);
      const filter = limitedTo(callerOf(request), filterOf(request.query));
      const page =
        filter === null
          ? NO_PAGE
          : await listConnections({ db, dialect, sums, now }, workspaceId, filter, { sort, limit, after });
      const at = now();
      const ids = page.rows.map(({ id }) => id);
      const stats: ReadonlyMap<string, DayStats> =
        include === undefined ? new Map() : await readDayStats({ db, dialect }, workspaceId, ids, at);
      const goesOn = page.hasMore && page.last !== null;
      return {
        object: "list" as const,
        data: page.rows.map((row) => presentListedConnection(row, stats.get(row.id), at)),
        has_more: page.hasMore,
        next_cursor: goesOn ? encodeSortedCursor("connections", sort, page.last) : null,
      };
    },
  );
}

const NO_PAGE: ConnectionPage = { rows: [], hasMore: false, last: null };

/** The part of a filter that the caller may see; null for nothing. */
function limitedTo(caller: Identity, filter: ConnectionFilter): ConnectionFilter | null {
  if (!isConfined(caller)) return filter;
  if (filter.ownerKeyId !== null && filter.ownerKeyId !== caller.ownerId) return null;
  return { ...filter, ownerKeyId: caller.ownerId };
}

function filterOf(query: z.infer<typeof Query>): ConnectionFilter {
  return {
    status: query.status ?? null,
    states: query.state === undefined ? null : (query.state.split(",") as ConnectionState[]),
    provider: query.provider ?? null,
    receiver: query.receiver ?? null,
    eventType: query.event_type ?? null,
    text: query.q ?? null,
    externalId: query.external_id ?? null,
    fingerprint: query.endpoint_fingerprint ?? null,
    ownerKeyId: query.created_by_key_id ?? null,
    metadata: query.metadata ?? {},
  };
}
