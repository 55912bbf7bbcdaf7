import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";
import type { DeliveryFacets } from "../api/types.ts";
import { type DeliveryFilter, toDeliveryQuery } from "./delivery-filter.ts";

const REFRESH_MS = 15_000;

/** The number of deliveries per filter value, for the current filter. */
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
  /** The start of the time that the counts cover; null when they cover everything. */
  readonly since: string | null;
};

/** The counts for the pickers; null while they are unknown, and during a text search, which has none. */
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
 * The number of matching deliveries; null when unknown. Approximate counts leave out deliveries that ended long ago,
 * but include every pending one.
 */
export function matchingCount(facets: FacetCounts | null, filter: DeliveryFilter): number | null {
  if (facets === null || (!facets.isExact && filter.status !== "pending")) return null;
  const counts = facets.of("status");
  if (filter.status !== undefined) return counts.get(filter.status) ?? 0;
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
