import { previewReplay } from "../../../replays/preview.ts";
import { getReplay } from "../../../replays/read.ts";
import { startReplay } from "../../../replays/start.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { refuseKeyOfDryRun, respondOnce } from "../../idempotency.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import {
  presentReplayAnswer,
  presentReplayPreview,
  ReplayAnswer,
  ReplayBody,
  ReplayPreviewAnswer,
  readReplayFilter,
  readReplayOptions,
} from "../../schemas/replay.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function replayDeliveriesRoute(app: ApiServer, services: Services): void {
  const { deliveries } = services;
  app.post(
    "/api/deliveries/replay",
    {
      config: { requires: "change", honorsIdempotencyKey: true, startsJob: true },
      schema: {
        operationId: "replayDeliveries",
        summary: "Replay deliveries",
        description:
          "Starts a replay: ended deliveries are sent again, oldest first, at its rate, with the same `webhook-id`. A replay survives a restart. A failing connection gets one delivery at a time, and none after five failures in a row; the replay continues for other connections. `dry_run` only counts, and returns 200.",
        tags: [TAGS.deliveries],
        security: KEY_OR_SESSION,
        body: ReplayBody,
        response: {
          200: ReplayPreviewAnswer,
          202: ReplayAnswer,
          ...problems(
            "malformed_json",
            "idempotency_not_supported",
            "unauthenticated",
            "forbidden",
            "cross_origin",
            "not_found",
            "body_too_large",
            "unsupported_media_type",
            "validation_failed",
          ),
        },
      },
    },
    async (request, reply) => {
      const { filter: filterFields, dry_run, ...optionFields } = request.body;
      const options = readReplayOptions(optionFields);
      const filter = readReplayFilter(filterFields);
      const actor = actorOf(request);
      if (dry_run) {
        refuseKeyOfDryRun(request);
        const preview = await previewReplay(deliveries, actor.workspaceId, filter, deliveries.now());
        return presentReplayPreview(preview, options);
      }
      const replay = await respondOnce(
        services.instance,
        request,
        reply,
        (keep) => startReplay(deliveries, actor, { filter, ...options }, keep),
        (id) => getReplay(services.instance.db, actor.workspaceId, id),
      );
      reply.header("location", `/api/deliveries/replays/${replay.id}`);
      return reply.code(202).send(presentReplayAnswer(replay));
    },
  );
}
