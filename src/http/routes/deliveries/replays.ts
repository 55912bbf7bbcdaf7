import { z } from "zod";
import { endReplay, pauseReplay, resumeReplay } from "../../../replays/change.ts";
import { getReplay, listReplays } from "../../../replays/read.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf, callerOf } from "../../authenticate.ts";
import { presentList, readPageRequest } from "../../cursor.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { presentReplay, presentReplayAnswer, ReplayAnswer, ReplayList } from "../../schemas/replay.ts";
import { IdParams, pageQuery, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function listReplaysRoute(app: ApiServer, { instance: { db } }: Services): void {
  app.get(
    "/api/deliveries/replays",
    {
      config: { requires: "read" },
      schema: {
        operationId: "listReplays",
        summary: "List replays, newest first",
        tags: [TAGS.deliveries],
        security: KEY_OR_SESSION,
        querystring: z.strictObject(pageQuery),
        response: {
          200: ReplayList,
          ...problems("unauthenticated", "forbidden", "invalid_cursor", "validation_failed"),
        },
      },
    },
    async (request) => {
      const page = await listReplays(
        db,
        callerOf(request).workspaceId,
        readPageRequest("replays", request.query),
      );
      return presentList("replays", page, presentReplay);
    },
  );
}

export function readReplayRoute(app: ApiServer, { instance: { db } }: Services): void {
  app.get(
    "/api/deliveries/replays/:id",
    {
      config: { requires: "read" },
      schema: {
        operationId: "getReplay",
        summary: "Retrieve a replay",
        tags: [TAGS.deliveries],
        security: KEY_OR_SESSION,
        params: IdParams,
        response: {
          200: ReplayAnswer,
          ...problems("unauthenticated", "forbidden", "invalid_id", "not_found"),
        },
      },
    },
    async (request) =>
      presentReplayAnswer(await getReplay(db, callerOf(request).workspaceId, request.params.id)),
  );
}

const CALLS = [
  {
    verb: "pause",
    change: pauseReplay,
    summary: "Pause a replay",
    description: "No further deliveries become due. Deliveries that are due already are sent.",
  },
  {
    verb: "resume",
    change: resumeReplay,
    summary: "Resume a paused replay",
    description: "The replay continues where it was paused.",
  },
  {
    verb: "stop",
    change: endReplay,
    summary: "Stop a replay",
    description:
      "A stopped replay cannot be resumed. Deliveries that it queued and that are not being sent yet return to their earlier status.",
  },
] as const;

export function changeReplayRoutes(app: ApiServer, { deliveries }: Services): void {
  for (const { verb, change, summary, description } of CALLS) {
    app.post(
      `/api/deliveries/replays/:id/${verb}`,
      {
        config: { requires: "change" },
        schema: {
          operationId: `${verb}Replay`,
          summary,
          description,
          tags: [TAGS.deliveries],
          security: KEY_OR_SESSION,
          params: IdParams,
          response: {
            200: ReplayAnswer,
            ...problems(
              "unauthenticated",
              "forbidden",
              "cross_origin",
              "invalid_id",
              "not_found",
              "replay_state",
            ),
          },
        },
      },
      async (request) => presentReplayAnswer(await change(deliveries, actorOf(request), request.params.id)),
    );
  }
}
