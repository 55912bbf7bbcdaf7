import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import type { CatalogEntry } from "../api/types.ts";
import { count, counted } from "../text/count.ts";

const SHOWN_STATES = [
  { state: "failing", word: "failing" },
  { state: "held", word: "held" },
  { state: "paused", word: "paused" },
] as const;

/** "204 connections: 11 failing, 2 paused", with a link per state. */
export function StateCounts({ entry }: { entry: CatalogEntry }) {
  const { connection_counts: counts, connections_count: total } = entry;
  const named = SHOWN_STATES.filter(({ state }) => counts[state] > 0);
  return (
    <p>
      <span>{counted(total, "connection", "connections")}</span>
      {named.length > 0 && <span>: </span>}
      {named.map(({ state, word }, index) => (
        <Fragment key={state}>
          {index > 0 && <span>, </span>}
          <Link
            to="/integrations/webhook"
            search={{ state }}
            className="inline-flex min-h-11 min-w-11 items-center font-medium text-accent hover:underline md:min-h-0"
          >
            {`${count(counts[state])} ${word}`}
          </Link>
        </Fragment>
      ))}
    </p>
  );
}
