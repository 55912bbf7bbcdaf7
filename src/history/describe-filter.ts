import type { JsonObject } from "../domain/json/json.ts";
import type { DeliveryFilter } from "./read-filter.ts";

/** A filter for the audit log: its conditions, and only the number of chosen ids. Omits what the caller can see. */
export function describeFilter({ ids, own: _, ...filter }: DeliveryFilter): JsonObject {
  const named = Object.entries(filter).filter(([, value]) => value !== null);
  const plain = named.map(([name, value]) => [name, Array.isArray(value) ? [...value] : value] as const);
  return { ...Object.fromEntries(plain), ...(ids === null ? {} : { ids: ids.length }) };
}
