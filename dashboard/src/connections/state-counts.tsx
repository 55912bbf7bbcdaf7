import { Link } from "@tanstack/react-router";
import type { CatalogEntry } from "../api/types.ts";
import { count, counted } from "../text/count.ts";

const SHOWN_STATES = [
  { state: "failing", word: "failing" },
  { state: "held", word: "held" },
  { state: "paused", word: "paused" },
] as const;

/** "204 connections: 11 failing 2 paused", with a link per state. Gaps separate them: a link can be wider than its words. */
export function StateCounts({ entry }: { entry: CatalogEntry }) {
  const { connection_counts: counts, connections_count: total } = entry;
  const named = SHOWN_STATES.filter(({ state }) => counts[state] > 0);
  return (
    <p className="flex flex-wrap items-center gap-x-3">
      <span>{`${counted(total, "connection", "connections")}${named.length > 0 ? ":" : ""}`}</span>
      {named.map(({ state, word }) => (
        <Link
          key={state}
          to="/integrations/webhook"
          search={{ state }}
          className="inline-flex min-h-11 min-w-11 items-center font-medium text-accent hover:underline md:min-h-0 md:min-w-0"
        >
          {`${count(counts[state])} ${word}`}
        </Link>
      ))}
    </p>
  );
}
