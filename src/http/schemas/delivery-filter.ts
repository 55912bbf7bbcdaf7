import { z } from "zod";
import type { DeliveryStatus } from "../../domain/delivery.ts";
import { EVENT_TYPE_LENGTH_MAX, EVENT_TYPE_PATTERN } from "../../domain/event-type-pattern.ts";
import { type DeliveryFilter, VALUES_MAX } from "../../history/read-filter.ts";
import { deliveryStatus, responseClass } from "./delivery.ts";
import { givenId, time, uuid } from "./shared.ts";

const isUuid = (text: string) => uuid.safeParse(text).success;
const isStatus = (text: string) => deliveryStatus.safeParse(text).success;
const isEventType = (text: string) => text.length <= EVENT_TYPE_LENGTH_MAX && EVENT_TYPE_PATTERN.test(text);

/** Several values in one parameter, separated by commas. */
function several(isOne: (text: string) => boolean, what: string, description: string, lengthMax: number) {
  return z
    .string()
    .max((lengthMax + 1) * VALUES_MAX)
    .check(({ value, issues }) => {
      const values = split(value);
      if (values.length > VALUES_MAX) {
        issues.push({ code: "custom", message: `Must have at most ${VALUES_MAX} values.`, input: value });
      } else if (values.length === 0 || !values.every(isOne)) {
        issues.push({ code: "custom", message: `Must be ${what}, or several with commas.`, input: value });
      }
    })
    .meta({ description: `${description}; up to ${VALUES_MAX}, separated by commas` });
}

function split(text: string): string[] {
  return [...new Set(text.split(",").map((one) => one.trim()))].filter((one) => one !== "");
}

/** Filters of deliveries besides the status. */
export const deliveryFilterFields = {
  connection_id: several(isUuid, "an id of a connection", "Ids of connections", 36).optional(),
  event_id: givenId.optional(),
  event_type: several(
    isEventType,
    "an event type such as `order.paid` or a pattern such as `order.*`",
    "Event types such as `order.paid`, or patterns such as `order.*`",
    EVENT_TYPE_LENGTH_MAX,
  ).optional(),
  response: responseClass.optional(),
  response_status: several(
    (text) => /^[1-5]\d\d$/.test(text),
    "an HTTP status such as `503`",
    "Exact HTTP statuses of the last response",
    3,
  ).optional(),
  error_code: several(
    (text) => /^[a-z][a-z0-9_]{0,63}$/.test(text),
    "an error code such as `timeout`",
    "What the last attempt failed with",
    64,
  ).optional(),
  created_from: time.optional(),
  created_before: time.optional(),
};

/** Filters of lists of deliveries. */
export const deliveryQueryFields = {
  status: several(isStatus, "a status of deliveries", "Statuses", 9).optional(),
  ...deliveryFilterFields,
};

type FilterFields = z.infer<z.ZodObject<typeof deliveryFilterFields>>;
type QueryFields = z.infer<z.ZodObject<typeof deliveryQueryFields>>;

export function readDeliveryQuery({ status, ...fields }: QueryFields): DeliveryFilter {
  const statuses = status === undefined ? null : (split(status) as DeliveryStatus[]);
  return { statuses, ...readDeliveryFilter(fields) };
}

export function readDeliveryFilter(fields: FilterFields): Omit<DeliveryFilter, "statuses"> {
  const list = (text: string | undefined) => (text === undefined ? null : split(text));
  const types = list(fields.event_type);
  return {
    ids: null,
    eventId: fields.event_id ?? null,
    connectionIds: list(fields.connection_id?.toLowerCase()),
    eventTypes: types?.includes("*") === true ? null : types,
    response: fields.response ?? null,
    responseStatuses: list(fields.response_status)?.map(Number) ?? null,
    errorCodes: list(fields.error_code),
    createdFrom: fields.created_from === undefined ? null : Date.parse(fields.created_from),
    createdBefore: fields.created_before === undefined ? null : Date.parse(fields.created_before),
  };
}
