import { useQueryClient } from "@tanstack/react-query";
import { Send } from "lucide-react";
import type { Connection } from "../../api/types.ts";
import { useReadOnlyReason } from "../../session/session-query.ts";
import { Button } from "../../ui/button.tsx";
import { startTestRun, useTestRun } from "../test-run.ts";

export function SendTestButton({ connection }: { connection: Connection }) {
  const queryClient = useQueryClient();
  const readOnlyReason = useReadOnlyReason();
  const run = useTestRun(connection.id);
  const disconnectedReason =
    connection.status === "disconnected"
      ? "Disconnected: enter a webhook URL in Settings to connect it again."
      : null;
  return (
    <Button
      variant="primary"
      busy={run?.state === "sending"}
      disabledReason={readOnlyReason ?? disconnectedReason}
      onClick={() => void startTestRun(queryClient, connection.id)}
    >
      {run?.state !== "sending" && <Send aria-hidden className="size-4" />}
      Send test event
    </Button>
  );
}
