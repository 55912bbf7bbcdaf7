import { Radio } from "lucide-react";
import type { StreamState } from "../../stream/watch-changes.ts";
import { Button } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";

type LiveToggleProps = { isLive: boolean; stream: StreamState; onToggle: () => void };

/** Whether the list follows what happens, and whether it can at the moment. */
export function LiveToggle({ isLive, stream, onToggle }: LiveToggleProps) {
  const isReconnecting = isLive && stream === "reconnecting";
  return (
    <div className="flex items-center gap-2">
      <p role="status" className="text-table text-warn empty:-mr-2">
        {isReconnecting && "Reconnecting …"}
      </p>
      <Button aria-pressed={isLive} onClick={onToggle} className="aria-pressed:bg-sunken">
        <Radio
          aria-hidden
          className={classNames("size-4", isLive && (isReconnecting ? "text-warn-dot" : "text-ok-dot"))}
        />
        Live
        <span aria-hidden className="text-muted">
          {isLive ? "on" : "off"}
        </span>
      </Button>
    </div>
  );
}
