import type { AuditEntry } from "../api/types.ts";
import { leaveFocusToTitle } from "../navigation/focus-heading.ts";
import { useSession } from "../session/session-query.ts";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

type ConflictNoticeProps = {
  /** What the audit log has of it, once it is read. */
  change: Pick<AuditEntry, "actor" | "created_at"> | null | undefined;
  onReload: () => void;
};

/** Someone saved while a person was typing: theirs is kept, and what was typed stays until it is given up. */
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
