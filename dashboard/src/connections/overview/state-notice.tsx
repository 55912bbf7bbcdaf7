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
import { toast } from "../../ui/toast.tsx";
import { resumeConnection } from "../change-connection.ts";

const PAUSED = {
  manual: "Somebody paused it.",
  failing: "Every attempt failed for five days, so it was paused.",
  gone: "The receiver answered 410 Gone, so it was paused.",
};

/** Says why a connection does not send, and how it sends again. */
export function StateNotice({ connection }: { connection: Connection }) {
  const queryClient = useQueryClient();
  const readOnlyReason = useReadOnlyReason();
  const [isBusy, setIsBusy] = useState(false);

  const resume = async () => {
    setIsBusy(true);
    try {
      await resumeConnection(queryClient, connection.id);
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
        {PAUSED[connection.paused_reason ?? "manual"]} Events queue, and are sent when you resume.
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
