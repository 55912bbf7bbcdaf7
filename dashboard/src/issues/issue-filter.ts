import { isUuid } from "../../../src/domain/id.ts";

/** The states to choose from; the first is the default. */
export const ISSUE_STATES = [
  { value: "open", label: "Open" },
  { value: "muted", label: "Muted" },
  { value: "resolved", label: "Resolved" },
  { value: "all", label: "All" },
] as const;

export type IssueFilter = {
  state?: (typeof ISSUE_STATES)[number]["value"] | undefined;
  connection?: string | undefined;
};

/** Reads a filter from the URL. Without a state, it selects open issues. */
export function readIssueFilter(search: Record<string, unknown>): IssueFilter {
  const state = ISSUE_STATES.find(({ value }) => value === search["state"])?.value;
  const { connection } = search;
  return {
    state: state === "open" ? undefined : state,
    connection: typeof connection === "string" && isUuid(connection) ? connection : undefined,
  };
}
