import { z } from "zod";
import { OpenSendError } from "../../../domain/errors.ts";
import type { ApiServer } from "../../api-server.ts";
import { TAGS } from "../../openapi.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

const NOT_READY_RETRY_S = 5;

const HealthAnswer = z.object({ status: z.literal("ok"), version: z.string() }).meta({ id: "HealthAnswer" });
const ReadyAnswer = z.object({ status: z.literal("ready") }).meta({ id: "ReadyAnswer" });

export function healthRoutes(
  app: ApiServer,
  {
    instance: {
      version,
      operations: { findUnreadiness },
    },
  }: Services,
): void {
  app.get(
    "/api/health",
    {
      config: { calls: "nothing", isUnlimited: true },
      schema: {
        operationId: "getHealth",
        summary: "Check whether the process is alive",
        tags: [TAGS.operations],
        response: { 200: HealthAnswer, ...problems() },
      },
    },
    async () => ({ status: "ok" as const, version }),
  );
  app.get(
    "/api/ready",
    {
      // Responds even under load: a busy server should not be taken out of rotation.
      config: { calls: "nothing" },
      schema: {
        operationId: "getReady",
        summary: "Check whether the process can do its work",
        description:
          "The database is reachable and has every table and column of this version's schema, and this process renews its heartbeat, reads the queues, claims deliveries, records attempts and stores events without failing. The 503 names what fails.",
        tags: [TAGS.operations],
        response: { 200: ReadyAnswer, ...problems() },
      },
    },
    async () => {
      const faults = await findUnreadiness();
      if (faults.length > 0) {
        const detail = `${faults.join(" ")} \`opensend doctor\` tells more.`;
        throw new OpenSendError("overloaded", detail, {
          cause: new Error(faults.join(" ")),
          retryAfterSeconds: NOT_READY_RETRY_S,
        });
      }
      return { status: "ready" as const };
    },
  );
}
