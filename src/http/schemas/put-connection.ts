import { z } from "zod";
import { webhook } from "../../connectors/webhook/webhook.ts";
import { UpdateBody, webhookUrl } from "./connection-bodies.ts";
import { externalId, metadata } from "./connection-identity.ts";
import { customHeaders } from "./headers.ts";

export const PutBody = z
  .strictObject({
    ...UpdateBody.shape,
    webhook_url: webhookUrl.optional().meta({
      description: `${webhook.fields.webhook_url.help} May be left out when the connection exists.`,
    }),
    external_id: externalId.optional().meta({ description: "The same as in the path, if given" }),
    metadata: metadata.optional(),
    headers: customHeaders.optional().meta({
      description:
        "All headers to send with each request, by name; those left out are removed. The values are encrypted, and no response contains them.",
    }),
  })
  .meta({
    id: "PutConnectionRequest",
    examples: [{ webhook_url: "https://hooks.zapier.com/hooks/catch/123/abc", event_types: ["order.*"] }],
  });

export const PutPreviewAnswer = z
  .object({
    object: z.literal("connection_preview"),
    data: z.object({
      external_id: externalId,
      is_new: z.boolean().meta({ description: "Whether a connection would be created" }),
      changed: z.array(z.string()).meta({
        description: "Fields whose values would change, such as `signing_secret`; none for a new connection",
      }),
    }),
  })
  .meta({ id: "PutConnectionPreviewAnswer" });
