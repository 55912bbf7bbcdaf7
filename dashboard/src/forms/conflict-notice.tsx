import type { AuditEntry } from "../api/types.ts";
import { leaveFocusToTitle } from "../navigation/focus-heading.ts";
import { useSession } from "../session/session-query.ts";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

type ConflictNoticeProps = {
  /** The change's audit log entry, once it has been read. */
  change: Pick<AuditEntry, "actor" | "created_at"> | null | undefined;
  onReload: () => void;
};

/**
 * Says that someone saved while a person was typing. Their change is kept, and the typed values remain until discarded.
 */
export function ConflictNotice({ change, onReload }: ConflictNoticeProps) {
  const { user } = useSession();
  const who = change?.actor.id === user.id ? "you, in another place" : change?.actor.name;
  return (
    <Notice
      tone="warn"
      live
      action={
        <Button ref={leaveFocusToTitle} onClick={onReload}>
          Reload
        </Button>
      }
    >
      Changed{who && ` by ${who}`}
      {change && (
        <>
          {" "}
          <TimeAgo at={change.created_at} />
        </>
      )}
      . Nothing of yours was saved. Reload shows the change and discards what you typed.
    </Notice>
  );
}
