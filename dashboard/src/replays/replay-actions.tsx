import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { problemFrom } from "../api/problem.ts";
import type { Replay } from "../api/types.ts";
import { focusHeading } from "../navigation/focus-heading.ts";
import { useReadOnlyReason } from "../session/session-query.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { toast } from "../ui/toast.tsx";
import { changeReplay } from "./queries.ts";
import { isActive } from "./replay-progress.ts";

/** Pauses, resumes or stops a replay. Stopping is permanent. */
export function ReplayActions({ replay }: { replay: Replay }) {
  const queryClient = useQueryClient();
  const readOnlyReason = useReadOnlyReason();
  const [isBusy, setIsBusy] = useState(false);
  const [isConfirming, setIsConfirming] = useState(false);
  if (!isActive(replay)) return null;
  const isPaused = replay.status === "paused";

  const toggle = async () => {
    setIsBusy(true);
    try {
      await changeReplay(queryClient, replay.id, isPaused ? "resume" : "pause");
    } catch (thrown) {
      toast(`${isPaused ? "Not resumed" : "Not paused"}. ${problemFrom(thrown).message}`);
    } finally {
      setIsBusy(false);
    }
  };
  const stop = async () => {
    await changeReplay(queryClient, replay.id, "stop");
    focusHeading(); // the buttons disappear
  };
  return (
    <>
      <Button busy={isBusy} disabledReason={readOnlyReason} onClick={() => void toggle()}>
        {isPaused ? "Resume" : "Pause"}
      </Button>
      <Button
        variant="danger"
        opens={ConfirmDialog}
        disabledReason={readOnlyReason}
        onClick={() => setIsConfirming(true)}
      >
        Stop
      </Button>
      <ConfirmDialog
        open={isConfirming}
        onOpenChange={setIsConfirming}
        title="Stop this replay?"
        confirmLabel="Stop replay"
        keepLabel="Keep it"
        onConfirm={stop}
      >
        Deliveries that have not been sent yet return to their earlier status. A stopped replay cannot be
        resumed.
      </ConfirmDialog>
    </>
  );
}
