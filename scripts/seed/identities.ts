import { NO_IDENTITY } from "../../src/connections/connection-identity.ts";
import type { ConnectionIdentity } from "../../src/domain/connection.ts";

const BY_HAND_EVERY = 4;
const PLANS = ["free", "pro", "pro", "enterprise"] as const;
const REGIONS = ["eu", "us", "ap"] as const;

/** The external id and metadata of a connection; some were connected by hand and have neither. Derived from the index, so that every run seeds the same history. */
export function identityAt(index: number): ConnectionIdentity {
  if (index % BY_HAND_EVERY === BY_HAND_EVERY - 1) return NO_IDENTITY;
  const customer = String(1000 + index);
  const plan = PLANS[(index * 7) % PLANS.length] ?? "free";
  const region = REGIONS[(index * 5) % REGIONS.length] ?? "eu";
  return { externalId: `customer-${customer}`, metadata: { customer, plan, region } };
}

/** The rows of `connection_metadata`, by which connections are found. */
export function metadataRows({ id, workspace_id, metadata }: MetadataOf) {
  const pairs = Object.entries(JSON.parse(metadata ?? "{}") as Readonly<Record<string, string>>);
  return pairs.map(([key, value]) => ({ connection_id: id, workspace_id, key, value }));
}

type MetadataOf = { readonly id: string; readonly workspace_id: string; readonly metadata: string | null };
