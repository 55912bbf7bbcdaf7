import { getConnection } from "../../../connections/read.ts";
import { type ChangedMany, cancelMany, retryPendingMany } from "../../../history/change-many.ts";
import { describeFilter } from "../../../history/describe-filter.ts";
import { ANY_DELIVERY } from "../../../history/read-filter.ts";
import { getReplay } from "../../../replays/read.ts";
import { startReplay } from "../../../replays/start.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { respondOnce } from "../../idempotency.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import {
  CancelBody,
  CancelledAnswer,
  presentCancelled,
  presentRetried,
  RetriedAnswer,
  RetryAnswer,
  RetryBody,
  RetryPendingBody,
  readCancelFilter,
  readPendingFilter,
  readRetryFilter,
} from "../../schemas/change-many.ts";
import { presentReplayAnswer, readReplayOptions } from "../../schemas/replay.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

const BODY_PROBLEMS = [
  "malformed_json",
  "unauthenticated",
  "forbidden",
  "cross_origin",
  "not_found",
  "body_too_large",
  "unsupported_media_type",
  "validation_failed",
] as const;

export function retryDeliveriesRoute(app: ApiServer, services: Services): void {
  const { deliveries, instance } = services;
  app.post(
    "/api/deliveries/retry",
    {
      config: { requires: "change", honorsIdempotencyKey: true, startsJob: true },
      schema: {
        operationId: "retryDeliveries",
        summary: "Retry many deliveries",
        description:
          "Starts a replay of deliveries that have ended, chosen by `ids` or by a filter. Of `ids`, pending deliveries that wait for a later attempt become due immediately.",
        tags: [TAGS.deliveries],
        security: KEY_OR_SESSION,
        body: RetryBody,
        response: { 202: RetryAnswer, ...problems(...BODY_PROBLEMS) },
      },
    },
    async (request, reply) => {
      const { ids, filter, ...optionFields } = request.body;
      const actor = actorOf(request);
      const replay = await respondOnce(
        instance,
        request,
        reply,
        (keep) =>
          startReplay(
            deliveries,
            actor,
            { filter: readRetryFilter({ ids, filter }), ...readReplayOptions(optionFields) },
            keep,
          ),
        (id) => getReplay(instance.db, actor.workspaceId, id),
      );
      const pending = { ids, filter: undefined };
      const { changed } = ids === undefined ? { changed: 0 } : await retryPending(deliveries, actor, pending);
      reply.header("location", `/api/deliveries/replays/${replay.id}`);
      return reply.code(202).send({ ...presentReplayAnswer(replay), brought_forward: changed });
    },
  );
}

export function retryPendingRoute(app: ApiServer, { deliveries }: Services): void {
  app.post(
    "/api/deliveries/retry-pending",
    {
      config: { requires: "change", keepsToOwn: "itself" },
      schema: {
        operationId: "retryPendingDeliveries",
        summary: "Retry many pending deliveries",
        description:
          "Makes pending deliveries that wait for a later attempt due immediately, chosen by `ids` or by a filter, oldest first: for a receiver that was fixed. In connections with strict order, nothing changes. While a circuit breaker is open, its connection is probed as before.",
        tags: [TAGS.deliveries],
        security: KEY_OR_SESSION,
        body: RetryPendingBody,
        response: { 200: RetriedAnswer, ...problems(...BODY_PROBLEMS) },
      },
    },
    async (request) => presentRetried(await retryPending(deliveries, actorOf(request), request.body)),
  );
}

async function retryPending(
  deliveries: Services["deliveries"],
  actor: ReturnType<typeof actorOf>,
  chosen: Parameters<typeof readPendingFilter>[0],
): Promise<ChangedMany> {
  const filter = readPendingFilter(chosen);
  return retryPendingMany(deliveries, actor, filter, {
    action: "deliveries.retried",
    target: { kind: "delivery", id: null },
    metadata: { filter: describeFilter(filter) },
  });
}

export function cancelDeliveriesRoute(app: ApiServer, { deliveries }: Services): void {
  app.post(
    "/api/deliveries/cancel",
    {
      config: { requires: "change" },
      schema: {
        operationId: "cancelDeliveries",
        summary: "Cancel many deliveries",
        description:
          "Cancels pending or failed deliveries, chosen by `ids` or by a filter, oldest first. Deliveries in other states are left unchanged.",
        tags: [TAGS.deliveries],
        security: KEY_OR_SESSION,
        body: CancelBody,
        response: { 200: CancelledAnswer, ...problems(...BODY_PROBLEMS) },
      },
    },
    async (request) => {
      const filter = readCancelFilter(request.body);
      const cancelled = await cancelMany(deliveries, actorOf(request), filter, {
        action: "deliveries.cancelled",
        target: { kind: "delivery", id: null },
        metadata: { filter: describeFilter(filter) },
      });
      return presentCancelled(cancelled);
    },
  );
}

export function clearQueueRoute(app: ApiServer, { deliveries }: Services): void {
  app.post(
    "/api/integrations/connections/:id/clear-queue",
    {
      config: { requires: "change", keepsToOwn: "by id" },
      schema: {
        operationId: "clearQueue",
        summary: "Clear a connection's queue",
        description:
          "Cancels all pending deliveries of the connection, whatever its status. Deliveries created during the call are kept.",
        tags: [TAGS.integrations],
        security: KEY_OR_SESSION,
        params: IdParams,
        response: {
          200: CancelledAnswer,
          ...problems("unauthenticated", "forbidden", "cross_origin", "invalid_id", "not_found"),
        },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      const { id, name } = await getConnection(deliveries.db, actor.workspaceId, request.params.id);
      const filter = { ...ANY_DELIVERY, connectionIds: [id], statuses: ["pending"] as const };
      const cancelled = await cancelMany(deliveries, actor, filter, {
        action: "connection.queue_cleared",
        target: { kind: "connection", id },
        metadata: { name },
      });
      return presentCancelled(cancelled);
    },
  );
}
