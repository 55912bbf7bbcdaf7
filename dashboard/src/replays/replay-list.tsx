import { Link } from "@tanstack/react-router";
import type { Replay } from "../api/types.ts";
import { ConnectionNames } from "../filters/connection-names.tsx";
import { count } from "../text/count.ts";
import { Status } from "../ui/status.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";
import { replayWords } from "./replay-filter.ts";
import { doneCount, waitsForReceiver } from "./replay-progress.ts";

/** Replays, newest first. */
export function ReplayList({ replays }: { replays: readonly Replay[] }) {
  return (
    <ul
      aria-label="Replays, newest first"
      className="divide-y divide-line overflow-hidden rounded-card border border-line bg-surface"
    >
      {replays.map((replay) => (
        <li key={replay.id}>
          <Link
            to="/deliveries/replays/$id"
            params={{ id: replay.id }}
            data-row
            preload={false}
            className="flex flex-col gap-2 px-4 py-3 text-table hover:bg-sunken focus-visible:-outline-offset-2"
          >
            <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <Status name={waitsForReceiver(replay) ? "waiting_for_receiver" : replay.status} />
              <span className="font-medium">
                {count(doneCount(replay))} of {count(replay.total)}
              </span>
              {replay.failed > 0 && <span className="text-err">{count(replay.failed)} failed</span>}
              <span className="text-muted md:ml-auto">
                {replay.created_by}, <TimeAgo at={replay.created_at} />
              </span>
            </span>
            <span className="[overflow-wrap:anywhere]">
              <ConnectionNames filter={replay.filter.connection_id}>
                {(name) => replayWords(replay.filter, name)}
              </ConnectionNames>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
