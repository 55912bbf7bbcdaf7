import { z } from "zod";
import { readCatalog } from "../../../connections/read.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { ConnectionView, presentConnection } from "../../schemas/connection.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

const CatalogEntryView = z
  .object({
    provider: z.string(),
    name: z.string(),
    description: z.string(),
    status: z.enum(["installed", "uninstalled"]),
    connection: ConnectionView.nullable(),
    connections_count: z.int().meta({ description: "Connections that are not disconnected" }),
    connection_counts: z
      .object({
        failing: z.int(),
        held: z.int(),
        paused: z.int(),
        ok: z.int(),
        idle: z.int(),
        disconnected: z.int(),
      })
      .meta({ description: "All connections by state; disconnected ones are counted up to 10,000" }),
  })
  .meta({ id: "CatalogEntry" });

const Catalog = z
  .object({ object: z.literal("integration_catalog"), data: z.array(CatalogEntryView) })
  .meta({ id: "Catalog" });

export function catalogRoute(app: ApiServer, { instance: { db, now } }: Services): void {
  app.get(
    "/api/integrations",
    {
      config: { requires: "read" },
      schema: {
        operationId: "listIntegrations",
        summary: "List the shipped integration catalog",
        tags: [TAGS.integrations],
        security: KEY_OR_SESSION,
        response: { 200: Catalog, ...problems("unauthenticated", "forbidden") },
      },
    },
    async (request) => {
      const at = now();
      const entries = await readCatalog(db, callerOf(request).workspaceId, at);
      const data = entries.map(({ connection, connectionsCount, counts, ...entry }) => ({
        ...entry,
        connection: connection === null ? null : presentConnection(connection, at),
        connections_count: connectionsCount,
        connection_counts: counts,
      }));
      return { object: "integration_catalog" as const, data };
    },
  );
}
