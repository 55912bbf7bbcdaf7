import { z } from "zod";
import { webhook } from "../../connectors/webhook/webhook.ts";
import { UpdateBody, webhookUrl } from "./connection.ts";
import { externalId, metadata } from "./connection-identity.ts";

export const PutBody = z
  .strictObject({
    ...UpdateBody.shape,
    webhook_url: webhookUrl.optional().meta({
      description: `${webhook.fields.webhook_url.help} May be left out when the connection exists.`,
    }),
    external_id: externalId.optional().meta({ description: "The same as in the path, if given" }),
    metadata: metadata.optional(),
  })
  .meta({
    id: "PutConnectionRequest",
    examples: [{ webhook_url: "https://hooks.zapier.com/hooks/catch/123/abc", event_types: ["order.*"] }],
  });
