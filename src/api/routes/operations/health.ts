import { z } from "zod";
import { OpenSendError } from "../../../core/errors.ts";
import type { ApiServer } from "../../api-server.ts";
import { TAGS } from "../../openapi.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

const NOT_READY_RETRY_S = 5;

export function healthRoutes(app: ApiServer, { version, checkReady }: Services): void {
  app.get(
    "/api/health",
    {
      config: { calls: "nothing" },
      schema: {
        operationId: "getHealth",
        summary: "Whether the process is alive",
        tags: [TAGS.operations],
        response: { 200: z.object({ status: z.literal("ok"), version: z.string() }), ...problems() },
      },
    },
    async () => ({ status: "ok" as const, version }),
  );
  app.get(
    "/api/ready",
    {
      // Told however busy the server is: one that is only busy should not be taken out.
      config: { calls: "nothing" },
      schema: {
        operationId: "getReady",
        summary: "Whether the process can do its work",
        description:
          "The database answers and has this version's schema, and the delivery worker is at work.",
        tags: [TAGS.operations],
        response: { 200: z.object({ status: z.literal("ready") }), ...problems() },
      },
    },
    async () => {
      try {
        await checkReady();
      } catch (cause) {
        const detail =
          "The database does not answer or is not migrated, or the delivery worker is silent. `opensend doctor` tells more.";
        throw new OpenSendError("overloaded", detail, { cause, retryAfterSeconds: NOT_READY_RETRY_S });
      }
      return { status: "ready" as const };
    },
  );
}
