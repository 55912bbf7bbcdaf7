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
        summary: "Retrieve the state of the instance",
        description:
          "Database, queue, workers and settings of the whole instance, without data of any workspace. If the database fails during the call, the response says that it is not reachable. If it is unreachable before, sessions and keys cannot be checked, and the call returns 503.",
        tags: [TAGS.operations],
        security: KEY_OR_SESSION,
        response: { 200: SystemAnswer, ...problems("unauthenticated", "forbidden") },
      },
    },
    async () => presentSystem(await system.read()),
  );
}
