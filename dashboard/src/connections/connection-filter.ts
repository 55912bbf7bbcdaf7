import { isUuid } from "../../../src/domain/id.ts";
import type { operations } from "../api/schema.generated.ts";
import type { ConnectionState } from "../api/types.ts";
import { pairsOf, readPairs } from "./metadata-filter.ts";

type Asked = NonNullable<operations["listConnections"]["parameters"]["query"]>;
type Sort = NonNullable<Asked["sort"]>;

export const SORT_OPTIONS = [
  { value: "attention", label: "Sort: attention" },
  { value: "name", label: "Sort: name" },
  { value: "created_at", label: "Sort: newest first" },
  { value: "volume", label: "Sort: most attempts" },
  { value: "success_rate", label: "Sort: lowest success rate" },
  { value: "p95", label: "Sort: slowest first" },
] as const satisfies readonly { value: Sort; label: string }[];

export const STATE_OPTIONS = [
  { value: "failing", label: "Failing" },
  { value: "held", label: "Held" },
  { value: "paused", label: "Paused" },
  { value: "ok", label: "OK" },
  { value: "idle", label: "Idle" },
  { value: "disconnected", label: "Disconnected" },
] as const satisfies readonly { value: ConnectionState; label: string }[];

/** The filter of the connection list, as the page's URL contains it. */
export type ConnectionFilter = {
  q?: string | undefined;
  /** One or more states, separated by commas. */
  state?: string | undefined;
  type?: string | undefined;
  /** Pairs such as `customer=42`; a connection must have all of them. */
  metadata?: readonly string[] | undefined;
  /** The id of the API key that created the connections. */
  key?: string | undefined;
  sort?: Sort | undefined;
};

const Q_LENGTH_MAX = 100;
const PATTERN = /^(?:\*|[\w-]+(?:\.[\w-]+)*(?:\.\*)?)$/;
const PATTERN_LENGTH_MAX = 255;

export function readConnectionFilter(search: Record<string, unknown>): ConnectionFilter {
  const { q, state, type, metadata, key, sort } = search;
  return {
    // The router parses digits in the URL as a number.
    q: readText(q)?.trim().slice(0, Q_LENGTH_MAX) || undefined,
    state: readStates(state),
    type: readPattern(readText(type)),
    metadata: listOrNone(readPairs(metadata)),
    key: typeof key === "string" && isUuid(key) ? key.toLowerCase() : undefined,
    sort: SORT_OPTIONS.find(({ value }) => value === sort)?.value,
  };
}

function readText(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

export function listOrNone<Value>(values: readonly Value[]): readonly Value[] | undefined {
  return values.length === 0 ? undefined : values;
}

function readStates(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const known = value.split(",").filter((one) => STATE_OPTIONS.some((option) => option.value === one));
  return known.length === 0 ? undefined : [...new Set(known)].join(",");
}

function readPattern(value: string | undefined): string | undefined {
  return value !== undefined && value.length <= PATTERN_LENGTH_MAX && PATTERN.test(value) ? value : undefined;
}

/** Whether the filter excludes anything. */
export function isFiltered({ sort: _, ...filter }: ConnectionFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

/** The filter as query parameters of `GET /api/integrations/connections`. */
export function toConnectionQuery(filter: ConnectionFilter) {
  const { q, state, type, metadata, key, sort = "attention" } = filter;
  return {
    sort,
    ...(q !== undefined && { q }),
    ...(state !== undefined && { state }),
    ...(type !== undefined && { event_type: type }),
    ...(metadata !== undefined && { metadata: pairsOf(metadata) }),
    ...(key !== undefined && { created_by_key_id: key }),
  };
}
