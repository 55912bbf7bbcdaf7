import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";
import type { DeliveryFacets } from "../api/types.ts";
import { type DeliveryFilter, toDeliveryQuery } from "./delivery-filter.ts";

const REFRESH_MS = 15_000;

/** How many deliveries there are of each kind, for what the list shows. */
export const deliveryFacetsQuery = (filter: DeliveryFilter) => {
  const { sort: _, ...counted } = filter;
  return queryOptions({
    queryKey: ["delivery-facets", counted],
    queryFn: async (): Promise<DeliveryFacets> => {
      const query = toDeliveryQuery(counted, Date.now());
      return dataOf(api.GET("/api/deliveries/facets", { params: { query } }));
    },
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
    retry: false,
  });
};

export type FacetName = keyof DeliveryFacets["data"];

export type FacetCounts = {
  readonly of: (name: FacetName) => ReadonlyMap<string, number>;
  readonly isExact: boolean;
  /** What happened since then is counted; null for everything. */
  readonly since: string | null;
};

/** The counts as the pickers take them; null while they are not known, and where they cannot be. */
export function useFacets(filter: DeliveryFilter): FacetCounts | null {
  const { data } = useQuery({ ...deliveryFacetsQuery(filter), enabled: filter.q === undefined });
  if (data === undefined || filter.q !== undefined) return null;
  return {
    of: (name) => new Map(data.data[name].map(({ value, count }) => [value, count])),
    isExact: data.is_exact,
    since: data.from,
  };
}

/**
 * How many deliveries match, by their status; null where that is not known: approximate counts leave out what ended long ago,
 * but know all that is pending.
 */
export function matchingCount(facets: FacetCounts | null, filter: DeliveryFilter): number | null {
  if (facets === null || (!facets.isExact && filter.status !== "pending")) return null;
  const counts = facets.of("status");
  if (filter.status !== undefined) return counts.get(filter.status) ?? 0;
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
