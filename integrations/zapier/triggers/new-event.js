const { createHash } = require("node:crypto");
const { apiUrl } = require("../lib/api-url.js");
const { headerOf, isSigned, newSigningSecret } = require("../lib/signature.js");

const SAMPLES = 3;
const NAME_LENGTH_MAX = 255;

/** One connection per subscription, however often Zapier repeats the call. The URL is a secret, but its hash is not. */
function connectionPath(targetUrl) {
  const hash = createHash("sha256").update(targetUrl).digest("hex").slice(0, 32);
  return `/api/integrations/connections/by-external-id/zapier-${hash}`;
}

async function subscribe(z, bundle) {
  const path = connectionPath(bundle.targetUrl);
  const secret = newSigningSecret();
  const zap = bundle.meta?.zap;
  const name = `Zapier: ${zap?.name || "a Zap"}`.slice(0, NAME_LENGTH_MAX);
  await z.request({
    method: "PUT",
    url: apiUrl(bundle, path),
    body: {
      name,
      webhook_url: bundle.targetUrl,
      signing_secret: secret,
      event_types: await wantedTypes(z, bundle),
      ...(zap?.id && { metadata: { zap_id: String(zap.id) } }),
    },
  });
  return { path, signing_secret: secret };
}

/** If none are chosen: everything, or everything the key can receive. */
async function wantedTypes(z, bundle) {
  const chosen = chosenTypes(bundle);
  if (chosen.length > 0) return chosen;
  const caller = await z.request(apiUrl(bundle, "/api/me"));
  return caller.data.data.event_types ?? ["*"];
}

async function unsubscribe(z, bundle) {
  await z.request({ method: "DELETE", url: apiUrl(bundle, bundle.subscribeData.path) });
  return {};
}

/** The event of a verified request. */
function receive(z, bundle) {
  const secret = bundle.subscribeData?.signing_secret;
  // An empty secret would accept a signature by anyone.
  if (!secret || !isSigned(bundle.rawRequest, secret)) {
    throw new z.errors.Error(
      "The signature of this request is invalid, so it is not from OpenSend",
      "Signature",
    );
  }
  const { type, created_at, data } = JSON.parse(bundle.rawRequest.content);
  return [{ id: headerOf(bundle.rawRequest.headers, "webhook-id"), type, created_at, data }];
}

/** The latest events, as samples for setting up a Zap. */
async function listLatest(z, bundle) {
  const types = chosenTypes(bundle);
  const response = await z.request({
    url: apiUrl(bundle, "/api/events"),
    params: {
      limit: String(SAMPLES),
      include: "data",
      origin: "application",
      ...(types.length > 0 && { type: types.join(",") }),
    },
  });
  return response.data.data
    .filter(({ data }) => data !== null)
    .map(({ id, type, created_at, data }) => ({ id, type, created_at, data }));
}

function chosenTypes({ inputData }) {
  return [inputData.event_types ?? []].flat().filter(Boolean);
}

const newEvent = {
  key: "new_event",
  noun: "Event",
  display: {
    label: "New Event",
    description: "Triggers when your application sends an event to OpenSend.",
  },
  operation: {
    type: "hook",
    inputFields: [
      {
        key: "event_types",
        label: "Event Types",
        list: true,
        required: false,
        dynamic: "event_types.id.name",
        helpText:
          "Leave empty for all. Enter a pattern such as `order.*` as a custom value to receive all types that begin with it.",
      },
    ],
    performSubscribe: subscribe,
    performUnsubscribe: unsubscribe,
    perform: receive,
    performList: listLatest,
    sample: {
      id: "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11",
      type: "order.paid",
      created_at: "2026-06-06T00:00:00.000Z",
      data: { order_id: 42 },
    },
    outputFields: [
      { key: "id", label: "Event ID" },
      { key: "type", label: "Event Type" },
      { key: "created_at", label: "Created At", type: "datetime" },
    ],
  },
};

module.exports = { newEvent };
