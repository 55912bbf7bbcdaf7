import { CONNECTION_SCOPES } from "../../domain/connection.ts";
import type { Connector } from "../contract.ts";
import { buildRequest } from "./build-request.ts";
import { readResponse } from "./read-response.ts";

/** One URL that receives every event as a signed JSON POST: Zapier, Make, n8n, Pipedream or a custom endpoint. */
export const webhook = {
  provider: "webhook",
  name: "Webhook / Zapier",
  description:
    "Send signed events to one HTTPS URL: a Zapier Catch Hook, a Make, n8n or Pipedream webhook, or your own endpoint.",
  scopes: CONNECTION_SCOPES,
  fields: {
    name: {
      label: "Name",
      kind: "text",
      required: false,
      lengthMax: 255,
      sealed: false,
      help: "Shown in lists and test events.",
    },
    webhook_url: {
      label: "Webhook URL",
      kind: "url",
      required: true,
      lengthMax: 2048,
      sealed: true,
      help: "The https:// address from your automation tool. It is a credential: stored encrypted, not shown again.",
    },
    signing_secret: {
      label: "Signing secret",
      kind: "secret",
      required: false,
      lengthMax: 512,
      sealed: true,
      help: "Set it if the receiver verifies x-opensend-signature. Stored encrypted, not shown again.",
    },
  },
  buildRequest,
  readResponse,
} as const satisfies Connector;
