import type { IDisplayOptions, INodeProperties } from "n8n-workflow";

const show = (resource: string, operation: string): IDisplayOptions => ({
  show: { resource: [resource], operation: [operation] },
});

const operationsOf = (
  resource: string,
  options: INodeProperties["options"],
  first: string,
): INodeProperties => ({
  displayName: "Operation",
  name: "operation",
  type: "options",
  noDataExpression: true,
  displayOptions: { show: { resource: [resource] } },
  options,
  default: first,
});

const RESOURCES: INodeProperties[] = [
  {
    displayName: "Resource",
    name: "resource",
    type: "options",
    noDataExpression: true,
    options: [
      { name: "Delivery", value: "delivery" },
      { name: "Event", value: "event" },
    ],
    default: "event",
  },
  operationsOf(
    "event",
    [
      { name: "Get", value: "get", action: "Get an event", description: "Get one event with its deliveries" },
      {
        name: "Get Many",
        value: "getAll",
        action: "Get many events",
        description: "List the latest events",
      },
      {
        name: "Send",
        value: "send",
        action: "Send an event",
        description: "Send an event to all subscribers",
      },
    ],
    "send",
  ),
  operationsOf(
    "delivery",
    [
      {
        name: "Get Many",
        value: "getAll",
        action: "Get many deliveries",
        description: "List the latest deliveries",
      },
      {
        name: "Retry",
        value: "retry",
        action: "Retry a delivery",
        description: "Make a delivery due immediately",
      },
    ],
    "getAll",
  ),
];

const SEND: INodeProperties[] = [
  {
    displayName: "Event Type",
    name: "eventType",
    type: "string",
    required: true,
    default: "",
    placeholder: "order.paid",
    displayOptions: show("event", "send"),
    description: "Words joined by dots",
  },
  {
    displayName: "Data",
    name: "data",
    type: "json",
    required: true,
    default: "={{ $json }}",
    displayOptions: show("event", "send"),
    description: "A JSON object with the data of the event",
  },
  {
    displayName: "Event ID",
    name: "customEventId",
    type: "string",
    default: "",
    displayOptions: show("event", "send"),
    description:
      "A UUID of your own. If empty, the node generates one that stays the same when n8n tries the node again, so the event is accepted only once.",
  },
];

const READ: INodeProperties[] = [
  {
    displayName: "Event ID",
    name: "eventId",
    type: "string",
    required: true,
    default: "",
    displayOptions: show("event", "get"),
  },
  {
    displayName: "Delivery ID",
    name: "deliveryId",
    type: "string",
    required: true,
    default: "",
    displayOptions: show("delivery", "retry"),
  },
  {
    displayName: "Limit",
    name: "limit",
    type: "number",
    typeOptions: { minValue: 1, maxValue: 100 },
    default: 50,
    displayOptions: { show: { operation: ["getAll"] } },
    description: "Max number of results to return",
  },
  {
    displayName: "Filters",
    name: "filters",
    type: "collection",
    placeholder: "Add Filter",
    default: {},
    displayOptions: show("event", "getAll"),
    options: [
      {
        displayName: "Event Type Name or ID",
        name: "type",
        type: "options",
        typeOptions: { loadOptionsMethod: "getEventTypes" },
        default: "",
        description:
          'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
      },
      {
        displayName: "Text",
        name: "q",
        type: "string",
        default: "",
        description: "Text to look for in the data",
      },
    ],
  },
  {
    displayName: "Filters",
    name: "filters",
    type: "collection",
    placeholder: "Add Filter",
    default: {},
    displayOptions: show("delivery", "getAll"),
    options: [
      {
        displayName: "Event ID",
        name: "event_id",
        type: "string",
        default: "",
      },
      {
        displayName: "Status",
        name: "status",
        type: "options",
        options: [
          { name: "Cancelled", value: "cancelled" },
          { name: "Delivered", value: "delivered" },
          { name: "Failed", value: "failed" },
          { name: "Pending", value: "pending" },
        ],
        default: "failed",
      },
    ],
  },
];

export const PROPERTIES: INodeProperties[] = [...RESOURCES, ...SEND, ...READ];
