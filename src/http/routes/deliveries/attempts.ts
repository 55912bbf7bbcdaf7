import { z } from "zod";
import { OpenSendError } from "../../../domain/errors.ts";
import { ownDeliveriesOf } from "../../../history/own-deliveries.ts";
import { listAttempts } from "../../../history/read-deliveries.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { encodeNameCursor, readNameCursor } from "../../cursor.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { AttemptList, presentAttempt } from "../../schemas/delivery.ts";
import { IdParams, pageQuery, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function listAttemptsRoute(app: ApiServer, { instance: { db } }: Services): void {
  app.get(
    "/api/deliveries/:id/attempts",
    {
      config: { requires: "read", keepsToOwn: "itself" },
      schema: {
        operationId: "listAttempts",
        summary: "List a delivery's attempts, newest first",
        tags: [TAGS.deliveries],
        security: KEY_OR_SESSION,
        params: IdParams,
        querystring: z.strictObject(pageQuery),
        response: {
          200: AttemptList,
          ...problems(
            "unauthenticated",
            "forbidden",
            "invalid_id",
            "not_found",
            "invalid_cursor",
            "validation_failed",
          ),
        },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const before = cursor === undefined ? null : readNumber(cursor);
      const actor = actorOf(request);
      const asked = { before, limit, own: ownDeliveriesOf(actor) };
      const { rows, hasMore } = await listAttempts(db, actor.workspaceId, request.params.id, asked);
      const last = rows.at(-1);
      return {
        object: "list" as const,
        data: rows.map(presentAttempt),
        has_more: hasMore,
        next_cursor: hasMore && last !== undefined ? encodeNameCursor("attempts", String(last.number)) : null,
      };
    },
  );
}

/** @throws {OpenSendError} `invalid_cursor`. */
function readNumber(cursor: string): number {
  const text = readNameCursor("attempts", cursor);
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new OpenSendError(
    "invalid_cursor",
    "The `cursor` is not one of this list. Pass `next_cursor` unchanged, or leave it out for the first page.",
  );
}
