import { z } from "zod";
import { ROWS_LOOKED_AT_MAX } from "../../db/paging.ts";
import type { Comparison, NoComparison } from "../../history/compare-delivery.ts";
import { timestamp, toTimestamp, uuid } from "./shared.ts";

const LOOKED_AT = ROWS_LOOKED_AT_MAX.toLocaleString("en-US");
const text = z.string().nullable();

export const ComparisonAnswer = z
  .object({
    object: z.literal("delivery_comparison"),
    data: z
      .object({
        last_success: z.object({
          delivery_id: uuid,
          event_type: z.string(),
          attempt_number: z.int(),
          at: timestamp,
        }),
        failure: z.object({ attempt_number: z.int(), at: timestamp }),
        connection_changes: z
          .array(
            z.object({
              at: timestamp,
              action: z.string().meta({ description: "As in the audit log" }),
              by: z.object({ kind: z.string(), name: z.string() }),
              fields: z.array(z.string()).meta({ description: "What was set, where the change names it" }),
            }),
          )
          .meta({ description: "What people changed about the connection in between, newest first" }),
        has_more_changes: z.boolean(),
        differences: z
          .array(
            z.object({
              side: z.enum(["sender", "receiver"]),
              part: z.enum([
                "event_type",
                "request_header",
                "body_size",
                "body_member",
                "version",
                "response_status",
                "response_header",
                "timing",
              ]),
              name: text.meta({ description: "Which header, member of `data` or stage" }),
              before: text.meta({ description: "Null when it was not there" }),
              after: text.meta({ description: "Null when it is not there" }),
            }),
          )
          .meta({
            description: "Differences between the two attempts. Members with their type, never a value",
          }),
      })
      .nullable(),
    reason: z
      .enum(["has_not_failed", "never_delivered", "not_delivered_lately", "details_deleted"])
      .nullable()
      .meta({
        description: `Why there is nothing to compare. \`not_delivered_lately\`: none of the last ${LOOKED_AT} deliveries arrived, and those before were not looked at`,
      }),
  })
  .meta({ id: "ComparisonAnswer" });

export function presentComparison(found: Comparison | NoComparison): z.infer<typeof ComparisonAnswer> {
  if (typeof found === "string") return { object: "delivery_comparison", data: null, reason: found };
  const { lastSuccess, failure, connectionChanges } = found;
  return {
    object: "delivery_comparison",
    data: {
      last_success: {
        delivery_id: lastSuccess.deliveryId,
        event_type: lastSuccess.eventType,
        attempt_number: lastSuccess.attemptNumber,
        at: toTimestamp(lastSuccess.at),
      },
      failure: { attempt_number: failure.attemptNumber, at: toTimestamp(failure.at) },
      connection_changes: connectionChanges.map(({ at, action, by, fields }) => ({
        at: toTimestamp(at),
        action,
        by,
        fields: [...fields],
      })),
      has_more_changes: !found.areAllChanges,
      differences: [...found.differences],
    },
    reason: null,
  };
}
