import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { buttonStyle } from "../ui/button-style.ts";
import { Notice } from "../ui/notice.tsx";
import { useNow } from "../ui/use-now.ts";
import { statsQuery } from "./queries.ts";
import { silenceTitle, usualWords } from "./silence-words.ts";

const TICK_MS = 60_000;

/**
 * Says that a connection, or the whole workspace, has stopped receiving events. Renders nothing while volume is normal.
 */
export function SilenceNotice({ connectionId }: { connectionId: string | null }) {
  const silence = useQuery(statsQuery(connectionId)).data?.silence ?? null;
  const nowMs = useNow(TICK_MS);
  if (silence === null) return null;
  return (
    <Notice
      tone="warn"
      title={`${silenceTitle(silence, nowMs)}.`}
      action={
        <Link to="/events" className={buttonStyle("secondary")}>
          See events
        </Link>
      }
    >
      {usualWords(silence)} Check that your application still sends.
    </Notice>
  );
}
