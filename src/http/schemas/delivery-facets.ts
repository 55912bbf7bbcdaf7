import { z } from "zod";
import type { FacetCount } from "../../history/facet-counts.ts";
import type { DeliveryFacets } from "../../history/facets.ts";
import { timestamp, toNullableTimestamp, toTimestamp } from "./shared.ts";

const Count = z.object({ value: z.string(), count: z.int() }).meta({ id: "FacetCount" });
const ConnectionCount = z
  .object({ value: z.string(), name: z.string(), count: z.int() })
  .meta({ id: "ConnectionFacetCount" });

export const DeliveryFacetsAnswer = z
  .object({
    object: z.literal("delivery_facets"),
    data: z
      .object({
        status: z.array(Count),
        connection: z.array(ConnectionCount),
        event_type: z.array(Count),
        response_status: z.array(Count),
        error_code: z.array(Count),
      })
      .meta({ description: "The 50 most frequent values of each, the most frequent first" }),
    is_exact: z.boolean().meta({
      description:
        "Whether each delivery of the filter was counted once. Of more than some thousand the statistics are read instead: deliveries that ended since `from`, what is pending now, and failed attempts in place of last errors",
    }),
    from: timestamp
      .nullable()
      .meta({ description: "What happened since then is counted; null for everything" }),
    as_of: timestamp.meta({ description: "What was recorded up to then is counted" }),
  })
  .meta({ id: "DeliveryFacetsAnswer" });

export function presentFacets(
  facets: DeliveryFacets,
  names: ReadonlyMap<string, string>,
): z.infer<typeof DeliveryFacetsAnswer> {
  const named = ({ value, count }: FacetCount) => ({ value, name: names.get(value) ?? "", count });
  return {
    object: "delivery_facets",
    data: {
      status: [...facets.status],
      connection: facets.connection.map(named),
      event_type: [...facets.eventType],
      response_status: [...facets.responseStatus],
      error_code: [...facets.errorCode],
    },
    is_exact: facets.isExact,
    from: toNullableTimestamp(facets.from),
    as_of: toTimestamp(facets.asOf),
  };
}
