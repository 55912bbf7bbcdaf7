import { z } from "zod";
import type { Found } from "../../history/find-by-id.ts";
import { listOf, uuid } from "./shared.ts";

export const LookupView = z
  .object({
    type: z.enum(["event", "delivery", "replay", "connection", "api_key"]),
    id: uuid,
    title: z.string().meta({ description: "Its name or event type" }),
    path: z.string().meta({ description: "Path of the dashboard's page that shows it" }),
  })
  .meta({ id: "LookupResult" });

export const LookupList = listOf("LookupList", LookupView);

export type LookupResult = z.infer<typeof LookupView>;

export function presentFound(id: string, found: Found): LookupResult {
  const { type } = found;
  switch (found.type) {
    case "event":
      return { type, id, title: found.eventType, path: `/events/${id}` };
    case "delivery":
      return { type, id, title: `${found.eventType} to ${found.connectionName}`, path: `/deliveries/${id}` };
    case "replay": {
      const title = `Replay of ${found.total} ${found.total === 1 ? "delivery" : "deliveries"}`;
      return { type, id, title, path: `/deliveries/replays/${id}` };
    }
  }
}
