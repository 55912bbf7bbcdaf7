import type { ApiServer } from "../../api-server.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { problems } from "../../schemas/shared.ts";
import { presentSystem, SystemAnswer } from "../../schemas/system.ts";
import type { Services } from "../../services.ts";

export function systemRoute(
  app: ApiServer,
  {
    instance: {
      operations: { system },
    },
  }: Services,
): void {
  app.get(
    "/api/system",
    {
      config: { requires: "read" },
      schema: {
        operationId: "getSystem",
        summary: "How the instance stands",
        description:
          "Database, queue, workers and settings of the whole instance: numbers, and nothing of any workspace. A database that fails while it is read is told as not reachable; one that is away before that cannot say who asks, so the answer is 503.",
        tags: [TAGS.operations],
        security: KEY_OR_SESSION,
        response: { 200: SystemAnswer, ...problems("unauthenticated", "forbidden") },
      },
    },
    async () => presentSystem(await system.read()),
  );
}
