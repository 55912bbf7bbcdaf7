import type { JsonObject } from "../domain/json/json.ts";
import type { DeliveryFilter } from "./read-filter.ts";

/** A filter for the audit log: what it names, and of chosen ids their number alone. What the caller may see goes without saying. */
export function describeFilter({ ids, own: _, ...filter }: DeliveryFilter): JsonObject {
  const named = Object.entries(filter).filter(([, value]) => value !== null);
  const plain = named.map(([name, value]) => [name, Array.isArray(value) ? [...value] : value] as const);
  return { ...Object.fromEntries(plain), ...(ids === null ? {} : { ids: ids.length }) };
}
