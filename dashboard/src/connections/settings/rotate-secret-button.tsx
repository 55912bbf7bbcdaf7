import { useState } from "react";
import { absoluteTime } from "../../text/time-ago.ts";
import { Button } from "../../ui/button.tsx";
import { lazyPart } from "../../ui/lazy-part.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useNow } from "../../ui/use-now.ts";
import type { ConnectionRead } from "../queries.ts";

const RotateSecretDialog = lazyPart(
  "The form",
  async () => (await import("./rotate-secret-dialog.tsx")).RotateSecretDialog,
);

const TICK_MS = 20_000;

type RotateSecretButtonProps = { read: ConnectionRead; disabledReason: string | null };

export function RotateSecretButton({ read, disabledReason }: RotateSecretButtonProps) {
  const [isOpen, setIsOpen] = useState(false);
  const nowMs = useNow(TICK_MS);
  const until = read.connection.config.webhook.previous_secret_expires_at;
  const endsAt = until !== null && Date.parse(until) > nowMs ? absoluteTime(new Date(until)) : null;
  const runningReason = endsAt === null ? null : `Two secrets sign until ${endsAt}. Rotate again after that.`;
  return (
    <>
      {endsAt !== null && (
        <Notice tone="info" title="Two secrets sign" className="w-full">
          The receiver may verify with the new secret or the old one until {endsAt}.
        </Notice>
      )}
      <Button
        opens={RotateSecretDialog}
        disabledReason={disabledReason ?? runningReason}
        onClick={() => setIsOpen(true)}
      >
        Rotate secret
      </Button>
      {isOpen && <RotateSecretDialog read={read} onClose={() => setIsOpen(false)} />}
    </>
  );
}
