import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { problemFrom } from "../../api/problem.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { toast } from "../../ui/toast.tsx";
import { disconnectConnection, pauseConnection, resumeConnection } from "../change-connection.ts";
import type { ConnectionRead } from "../queries.ts";
import { SettingsSection } from "./section.tsx";

type StopSectionProps = { read: ConnectionRead; disabledReason: string | null };

/** Pause for a while, or disconnect permanently. */
export function StopSection({ read, disabledReason }: StopSectionProps) {
  const { connection } = read;
  if (connection.status === "disconnected") return null;
  return (
    <div className="mt-6">
      <SettingsSection
        id="pause"
        title="Pause"
        lead="While paused, events queue. They are sent when you resume. Test events still go out."
      >
        <PauseButton read={read} disabledReason={disabledReason} />
      </SettingsSection>
      <SettingsSection
        id="disconnect"
        title="Disconnect"
        lead="Destroys the webhook URL, signing secret and headers. History stays."
      >
        <DisconnectButton read={read} disabledReason={disabledReason} />
      </SettingsSection>
    </div>
  );
}

function PauseButton({ read, disabledReason }: StopSectionProps) {
  const { connection } = read;
  const queryClient = useQueryClient();
  const [isBusy, setIsBusy] = useState(false);
  const isPaused = connection.status === "paused";
  const toggle = async () => {
    setIsBusy(true);
    try {
      await (isPaused ? resumeConnection : pauseConnection)(queryClient, read);
      toast(isPaused ? `Resumed. ${connection.name} sends again.` : "Paused. Events queue until you resume.");
    } catch (thrown) {
      toast(`${isPaused ? "Still paused" : "Not paused"}. ${problemFrom(thrown).message}`);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <div>
      <Button busy={isBusy} disabledReason={disabledReason} onClick={() => void toggle()}>
        {isPaused ? "Resume" : "Pause"}
      </Button>
    </div>
  );
}

function DisconnectButton({ read, disabledReason }: StopSectionProps) {
  const { connection } = read;
  const queryClient = useQueryClient();
  const [isConfirming, setIsConfirming] = useState(false);
  const disconnect = async () => {
    await disconnectConnection(queryClient, read);
    toast(`Disconnected ${connection.name}.`);
  };
  return (
    <div>
      <Button
        variant="danger"
        opens={ConfirmDialog}
        disabledReason={disabledReason}
        onClick={() => setIsConfirming(true)}
      >
        Disconnect
      </Button>
      <ConfirmDialog
        open={isConfirming}
        onOpenChange={setIsConfirming}
        title={`Stop sending to ${connection.name}?`}
        confirmLabel="Disconnect"
        keepLabel="Keep it"
        onConfirm={disconnect}
      >
        Queued deliveries are cancelled. History stays.
      </ConfirmDialog>
    </div>
  );
}
