import type { operations } from "../api/schema.generated.ts";
import type { ConnectionState } from "../api/types.ts";

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
  sort?: Sort | undefined;
};

const Q_LENGTH_MAX = 100;
const PATTERN = /^(?:\*|[\w-]+(?:\.[\w-]+)*(?:\.\*)?)$/;
const PATTERN_LENGTH_MAX = 255;

export function readConnectionFilter(search: Record<string, unknown>): ConnectionFilter {
  const { q, state, type, sort } = search;
  return {
    // The router parses digits in the URL as a number.
    q: readText(q)?.trim().slice(0, Q_LENGTH_MAX) || undefined,
    state: readStates(state),
    type: readPattern(readText(type)),
    sort: SORT_OPTIONS.find(({ value }) => value === sort)?.value,
  };
}

function readText(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
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
export function isFiltered({ q, state, type }: ConnectionFilter): boolean {
  return q !== undefined || state !== undefined || type !== undefined;
}

/** The filter as query parameters of `GET /api/integrations/connections`. */
export function toConnectionQuery({ q, state, type, sort = "attention" }: ConnectionFilter) {
  return {
    sort,
    ...(q !== undefined && { q }),
    ...(state !== undefined && { state }),
    ...(type !== undefined && { event_type: type }),
  };
}
