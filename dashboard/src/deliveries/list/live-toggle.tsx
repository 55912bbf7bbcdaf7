import { Radio } from "lucide-react";
import type { StreamState } from "../../stream/watch-changes.ts";
import { Button } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";

type LiveToggleProps = {
  isLive: boolean;
  stream: StreamState;
  onToggle: () => void;
  /** Why the list cannot be live; null when it can. */
  blocked?: string | null;
};

/** Turns live updates of the list on and off, and shows whether the stream is connected. */
export function LiveToggle({ isLive: isEnabled, stream, onToggle, blocked = null }: LiveToggleProps) {
  const isLive = isEnabled && blocked === null;
  const isReconnecting = isLive && stream === "reconnecting";
  return (
    <div className="flex items-center gap-2">
      <p role="status" className="text-table text-warn empty:-mr-2">
        {isReconnecting && "Reconnecting …"}
      </p>
      <Button
        aria-pressed={isLive}
        disabledReason={blocked}
        onClick={onToggle}
        className="aria-pressed:bg-sunken"
      >
        <Radio
          aria-hidden
          className={classNames("size-4", isLive && (stream === "open" ? "text-ok-dot" : "text-warn-dot"))}
        />
        Live
        <span aria-hidden className="text-muted">
          {isLive ? (stream === "open" ? "on" : "connecting") : "off"}
        </span>
      </Button>
    </div>
  );
}
