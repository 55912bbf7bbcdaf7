import { Link } from "@tanstack/react-router";
import type { Connection } from "../../api/types.ts";
import { buttonStyle } from "../../ui/button-style.ts";
import { ForeignText } from "../../ui/foreign-text.tsx";
import { Notice } from "../../ui/notice.tsx";
import { cureOf } from "../cure.ts";
import { useTestRun } from "../test-run.ts";

/** Why the latest event did not arrive, and what to do about it. */
export function LastError({ connection }: { connection: Connection }) {
  const { last_error: error } = connection;
  const run = useTestRun(connection.id);
  if (error === null || connection.status === "disconnected") return null;
  // The result of that very test stands below and says more.
  if (run?.state === "done" && run.delivery.error?.code === error.code) return null;
  const cure = cureOf(error.code);
  return (
    <Notice
      tone="err"
      title="Last error"
      action={
        cure.replacesUrl && (
          <Link
            to="/integrations/connections/$id/settings"
            params={{ id: connection.id }}
            className={buttonStyle("secondary")}
          >
            Replace URL
          </Link>
        )
      }
    >
      <ForeignText text={error.message} /> {cure.text}
    </Notice>
  );
}
