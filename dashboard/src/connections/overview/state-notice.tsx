import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { problemFrom } from "../../api/problem.ts";
import type { Connection } from "../../api/types.ts";
import { focusHeading } from "../../navigation/focus-heading.ts";
import { useReadOnlyReason } from "../../session/session-query.ts";
import { Button } from "../../ui/button.tsx";
import { buttonStyle } from "../../ui/button-style.ts";
import { Notice } from "../../ui/notice.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { toast } from "../../ui/toast.tsx";
import { resumeConnection } from "../change-connection.ts";
import { connectionQuery } from "../queries.ts";

const STOPPED = {
  failing: "OpenSend paused this connection because every attempt had failed for five days.",
  gone: "OpenSend paused this connection because the receiver responded with 410 Gone.",
};

/** "Paused by Ada, 3 h ago." */
function PausedBy({ connection }: { connection: Connection }) {
  const { paused_reason: reason, paused_by: by, state_since: since } = connection;
  return (
    <span>
      {reason === "failing" || reason === "gone" ? STOPPED[reason] : `Paused by ${by ?? "a member"}.`}
      {since && (
        <>
          {" "}
          <TimeAgo at={since} />.
        </>
      )}
    </span>
  );
}

/** Says why a connection does not send, and how to make it send again. */
export function StateNotice({ connection }: { connection: Connection }) {
  const queryClient = useQueryClient();
  const readOnlyReason = useReadOnlyReason();
  const [isBusy, setIsBusy] = useState(false);

  const resume = async () => {
    setIsBusy(true);
    try {
      const read = queryClient.getQueryData(connectionQuery(connection.id).queryKey);
      await resumeConnection(queryClient, read ?? { connection, etag: null });
      toast(`Resumed. ${connection.name} sends again.`);
      focusHeading();
    } catch (thrown) {
      toast(`Still paused. ${problemFrom(thrown).message}`);
    } finally {
      setIsBusy(false);
    }
  };

  if (connection.status === "paused") {
    return (
      <Notice
        tone="info"
        title="Paused"
        action={
          <Button busy={isBusy} disabledReason={readOnlyReason} onClick={() => void resume()}>
            Resume
          </Button>
        }
      >
        <PausedBy connection={connection} /> <span>Events queue and are sent when you resume.</span>
      </Notice>
    );
  }
  if (connection.status === "disconnected") {
    return (
      <Notice
        tone="info"
        title="Disconnected"
        action={
          <Link
            to="/integrations/connections/$id/settings"
            params={{ id: connection.id }}
            className={buttonStyle("secondary")}
          >
            Enter a webhook URL
          </Link>
        }
      >
        Its webhook URL and signing secret were destroyed. Its history stays.
      </Notice>
    );
  }
  return null;
}
