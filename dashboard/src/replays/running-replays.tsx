import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { count } from "../text/count.ts";
import { buttonStyle } from "../ui/button-style.ts";
import { Notice } from "../ui/notice.tsx";
import { newestReplaysQuery } from "./queries.ts";

/** The way back to replays that go on, or wait to. */
export function RunningReplays() {
  const replays = useQuery(newestReplaysQuery).data ?? [];
  const active = replays.filter(({ finished_at }) => finished_at === null);
  if (active.length === 0) return null;
  return (
    <div className="mb-4 flex flex-col gap-2">
      {active.map((replay) => (
        <Notice
          key={replay.id}
          tone="info"
          title={replay.status === "running" ? "A replay is running" : "A replay is paused"}
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
          {count(replay.delivered + replay.failed + replay.skipped)} of {count(replay.total)} done.
        </Notice>
      ))}
    </div>
  );
}
