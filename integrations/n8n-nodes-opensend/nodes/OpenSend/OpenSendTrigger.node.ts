import { createHash } from "node:crypto";
import type {
  IDataObject,
  IHookFunctions,
  INodeType,
  INodeTypeDescription,
  IWebhookFunctions,
  IWebhookResponseData,
} from "n8n-workflow";
import { NodeConnectionTypes, NodeOperationError } from "n8n-workflow";
import { getEventTypesAndPatterns } from "./event-types";
import { problemOf, request } from "./request";
import { isSigned, newSigningSecret } from "./signature";

const NAME_LENGTH_MAX = 255;

export class OpenSendTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: "OpenSend Trigger",
    name: "openSendTrigger",
    icon: { light: "file:../../icons/opensend.svg", dark: "file:../../icons/opensend.dark.svg" },
    group: ["trigger"],
    version: 1,
    subtitle: '={{$parameter["eventTypes"].join(", ") || "all events"}}',
    description: "Starts the workflow when your application sends an event to OpenSend",
    defaults: { name: "OpenSend Trigger" },
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: "openSendApi", required: true }],
    webhooks: [{ name: "default", httpMethod: "POST", responseMode: "onReceived", path: "webhook" }],
    properties: [
      {
        displayName: "Event Type Names or IDs",
        name: "eventTypes",
        type: "multiOptions",
        typeOptions: { loadOptionsMethod: "getEventTypesAndPatterns" },
        default: [],
        description:
          'Leave empty for all events. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
      },
    ],
  };

  methods = { loadOptions: { getEventTypesAndPatterns } };

  webhookMethods = {
    default: {
      /** Whether the connection has this node's settings, and the node has the connection's signing secret. */
      async checkExists(this: IHookFunctions): Promise<boolean> {
        if (signingSecretOf(this) === null) return false;
        const response = await request(this, "GET", connectionPath(this));
        if (response.statusCode !== 200) return false;
        const { event_types, status } = response.body.data as IDataObject;
        const wanted = await wantedTypes(this);
        return status === "connected" && JSON.stringify(event_types) === JSON.stringify(wanted);
      },
      async create(this: IHookFunctions): Promise<boolean> {
        const secret = signingSecretOf(this) ?? newSigningSecret();
        const response = await request(this, "PUT", connectionPath(this), {
          body: {
            name: `n8n: ${this.getWorkflow().name ?? "a workflow"}`.slice(0, NAME_LENGTH_MAX),
            webhook_url: this.getNodeWebhookUrl("default"),
            signing_secret: secret,
            event_types: await wantedTypes(this),
            metadata: { n8n_workflow_id: String(this.getWorkflow().id) },
          },
        });
        if (response.statusCode >= 300) throw refusal(this, response);
        this.getWorkflowStaticData("node").signingSecret = secret;
        return true;
      },
      async delete(this: IHookFunctions): Promise<boolean> {
        const response = await request(this, "DELETE", connectionPath(this));
        // It may have been disconnected in the dashboard.
        if (response.statusCode >= 300 && response.statusCode !== 404) throw refusal(this, response);
        delete this.getWorkflowStaticData("node").signingSecret;
        return true;
      },
    },
  };

  async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
    const { headers, rawBody } = this.getRequestObject();
    const { signingSecret } = this.getWorkflowStaticData("node");
    const isFromOpenSend =
      typeof signingSecret === "string" &&
      Buffer.isBuffer(rawBody) &&
      isSigned(headers, rawBody, signingSecret);
    if (!isFromOpenSend) {
      this.getResponseObject().status(401).json({ message: "The signature is invalid" });
      return { noWebhookResponse: true };
    }
    const { type, created_at, data } = this.getBodyData();
    return { workflowData: [[{ json: { id: String(headers["webhook-id"]), type, created_at, data } }]] };
  }
}

/** One connection per webhook URL: test runs in the editor have a separate URL, so they get a separate connection. */
function connectionPath(hook: IHookFunctions): string {
  const hash = createHash("sha256")
    .update(String(hook.getNodeWebhookUrl("default")))
    .digest("hex");
  return `/api/integrations/connections/by-external-id/n8n-${hash.slice(0, 32)}`;
}

function signingSecretOf(hook: IHookFunctions): string | null {
  const { signingSecret } = hook.getWorkflowStaticData("node");
  return typeof signingSecret === "string" ? signingSecret : null;
}

/** If none are chosen: everything, or everything the key can receive. */
async function wantedTypes(hook: IHookFunctions): Promise<string[]> {
  const chosen = hook.getNodeParameter("eventTypes", []) as string[];
  if (chosen.length > 0) return chosen;
  const response = await request(hook, "GET", "/api/me");
  if (response.statusCode !== 200) throw refusal(hook, response);
  const { event_types } = response.body.data as IDataObject;
  return Array.isArray(event_types) ? (event_types as string[]) : ["*"];
}

function refusal(hook: IHookFunctions, response: Awaited<ReturnType<typeof request>>): NodeOperationError {
  const { message, description } = problemOf(response);
  return new NodeOperationError(hook.getNode(), message, { description });
}
