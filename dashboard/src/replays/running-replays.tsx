import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Replay } from "../api/types.ts";
import { count } from "../text/count.ts";
import { buttonStyle } from "../ui/button-style.ts";
import { Notice } from "../ui/notice.tsx";
import { newestReplaysQuery } from "./queries.ts";
import { doneCount, isActive } from "./replay-progress.ts";

const TITLES: Partial<Record<Replay["status"], string>> = {
  running: "A replay is running",
  paused: "A replay is paused",
  waiting_for_receiver: "A replay waits for its receiver",
};

/** Links to replays that are running, paused or waiting. */
export function RunningReplays() {
  const replays = useQuery(newestReplaysQuery).data ?? [];
  const active = replays.filter(isActive);
  if (active.length === 0) return null;
  return (
    <div className="mb-4 flex flex-col gap-2">
      {active.map((replay) => (
        <Notice
          key={replay.id}
          tone="info"
          title={TITLES[replay.status] ?? "A replay is running"}
          action={
            <Link
              to="/deliveries/replays/$id"
              params={{ id: replay.id }}
              className={buttonStyle("secondary")}
            >
              See replay
            </Link>
          }
        >
          {count(doneCount(replay))} of {count(replay.total)} done.
        </Notice>
      ))}
    </div>
  );
}
