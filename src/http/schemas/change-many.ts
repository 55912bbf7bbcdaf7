import { z } from "zod";
import { REPLAYABLE_STATUSES } from "../../domain/replay.ts";
import type { ChangedMany } from "../../history/change-many.ts";
import { ANY_DELIVERY, type DeliveryFilter, IDS_MAX } from "../../history/read-filter.ts";
import type { ReplayFilter } from "../../replays/replay-row.ts";
import { deliveryFilterFields, readDeliveryFilter } from "./delivery-filter.ts";
import { RATE_MAX, ReplayFilterBody, ReplayView, readReplayFilter, replayOptionFields } from "./replay.ts";
import { givenId } from "./shared.ts";

const chosenIds = z
  .array(givenId)
  .min(1, "Name at least one delivery.")
  .max(IDS_MAX, `Must have at most ${IDS_MAX} ids. Choose more by a filter.`)
  .meta({ description: `Deliveries chosen one by one, ${IDS_MAX} at most; unknown ones are left out` });

/** A request names either deliveries or a filter. */
function exactlyOne({ value, issues }: z.core.ParsePayload<{ ids?: unknown; filter?: unknown }>): void {
  if ((value.ids === undefined) !== (value.filter === undefined)) return;
  issues.push({ code: "custom", path: ["ids"], message: "Give either `ids` or `filter`.", input: value });
}

export const RetryBody = z
  .strictObject({
    ids: chosenIds.optional(),
    filter: ReplayFilterBody.optional(),
    ...replayOptionFields,
    rate_per_second: z.int().min(1).max(RATE_MAX).default(RATE_MAX),
  })
  .check(exactlyOne)
  .meta({ id: "RetryDeliveriesRequest" });

export const RetryAnswer = z
  .object({
    object: z.literal("replay"),
    data: ReplayView,
    brought_forward: z.int().meta({
      description: "Of the ids: deliveries that waited for a later attempt, and are due now",
    }),
  })
  .meta({ id: "RetryDeliveriesAnswer" });

export const CancelBody = z
  .strictObject({
    ids: chosenIds.optional(),
    filter: z
      .strictObject({
        status: z
          .array(z.enum(["pending", "failed"]))
          .min(1)
          .default(["pending"]),
        ...deliveryFilterFields,
      })
      .optional()
      .meta({ description: "Which deliveries are cancelled: those that are pending, or have failed" }),
  })
  .check(exactlyOne)
  .meta({ id: "CancelDeliveriesRequest" });

const hasMore = z.boolean().meta({
  description:
    "Whether the call came to its limit of 10,000 deliveries or 5 seconds: repeat it for the others",
});

export const RetryPendingBody = z
  .strictObject({
    ids: chosenIds.optional(),
    filter: z
      .strictObject(deliveryFilterFields)
      .optional()
      .meta({ description: "Which pending deliveries are retried" }),
  })
  .check(exactlyOne)
  .meta({ id: "RetryPendingDeliveriesRequest" });

export const RetriedAnswer = z
  .object({
    object: z.literal("retried_deliveries"),
    retried: z.int().meta({ description: "Deliveries that waited for a later attempt, and are due now" }),
    has_more: hasMore,
  })
  .meta({ id: "RetriedDeliveries" });

export const CancelledAnswer = z
  .object({
    object: z.literal("cancelled_deliveries"),
    cancelled: z.int(),
    has_more: hasMore,
  })
  .meta({ id: "CancelledDeliveries" });

type CancelFields = z.infer<typeof CancelBody>;
type RetryFields = z.infer<typeof RetryBody>;

export function readCancelFilter({ ids, filter }: Pick<CancelFields, "ids" | "filter">): DeliveryFilter {
  if (filter === undefined) return { ...ANY_DELIVERY, ids: ids ?? [] };
  const { status, ...fields } = filter;
  return { statuses: [...new Set(status)], ...readDeliveryFilter(fields) };
}

export function readRetryFilter({ ids, filter }: Pick<RetryFields, "ids" | "filter">): ReplayFilter {
  if (filter !== undefined) return readReplayFilter(filter);
  return { ...ANY_DELIVERY, statuses: REPLAYABLE_STATUSES, ids: [...new Set(ids)] };
}

export function presentCancelled({ changed, hasMore }: ChangedMany): z.infer<typeof CancelledAnswer> {
  return { object: "cancelled_deliveries", cancelled: changed, has_more: hasMore };
}

export function presentRetried({ changed, hasMore }: ChangedMany): z.infer<typeof RetriedAnswer> {
  return { object: "retried_deliveries", retried: changed, has_more: hasMore };
}

export function readPendingFilter({ ids, filter }: z.infer<typeof RetryPendingBody>): DeliveryFilter {
  const statuses = ["pending"] as const;
  if (filter === undefined) return { ...ANY_DELIVERY, statuses, ids: [...new Set(ids)] };
  return { statuses, ...readDeliveryFilter(filter) };
}
