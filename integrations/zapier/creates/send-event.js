const { apiUrl } = require("../lib/api-url.js");

async function send(z, bundle) {
  const { type, id } = bundle.inputData;
  const response = await z.request({
    method: "POST",
    url: apiUrl(bundle, "/api/events"),
    body: {
      type,
      ...(id && { id }),
      data: { ...bundle.inputData.fields, ...parseJson(z, bundle.inputData.json) },
    },
  });
  return response.data.data;
}

function parseJson(z, json) {
  if (!json) return {};
  let value;
  try {
    value = JSON.parse(json);
  } catch {
    value = null;
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new z.errors.HaltedError(
    'The field "Data as JSON" must contain a JSON object, such as {"order_id": 42}',
  );
}

const sendEvent = {
  key: "send_event",
  noun: "Event",
  display: {
    label: "Send Event",
    description: "Sends an event to every connection that subscribes to its type.",
  },
  operation: {
    inputFields: [
      {
        key: "type",
        label: "Event Type",
        required: true,
        dynamic: "event_types.id.name",
        helpText: "A name such as `order.paid`. Enter a new one as a custom value.",
      },
      {
        key: "fields",
        label: "Data",
        dict: true,
        required: false,
        helpText: "Names and values, sent as text.",
      },
      {
        key: "json",
        label: "Data as JSON",
        type: "text",
        required: false,
        helpText: "A JSON object, for numbers and nested values. Replaces values of the same name above.",
      },
      {
        key: "id",
        label: "Event ID",
        required: false,
        helpText: "A UUID of your own. Sending the same event with the same ID again has no effect.",
      },
    ],
    perform: send,
    sample: {
      id: "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11",
      type: "order.paid",
      created_at: "2026-06-06T00:00:00.000Z",
      deliveries: 2,
    },
    outputFields: [
      { key: "id", label: "Event ID" },
      { key: "type", label: "Event Type" },
      { key: "created_at", label: "Created At", type: "datetime" },
      { key: "deliveries", label: "Deliveries", type: "integer" },
    ],
  },
};

module.exports = { sendEvent };
