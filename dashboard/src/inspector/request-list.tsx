import { useQueryClient } from "@tanstack/react-query";
import { Inbox } from "lucide-react";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { INSPECTOR_REQUESTS_MAX } from "../../../src/domain/inspector.ts";
import { WaitingPill } from "../deliveries/list/waiting-pill.tsx";
import { focusHeading } from "../navigation/focus-heading.ts";
import { useReadOnlyReason } from "../session/session-query.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { LoadProblem } from "../ui/load-problem.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { toast } from "../ui/toast.tsx";
import { clearInspected } from "./queries.ts";
import { RequestRow } from "./request-row.tsx";
import { useInspected } from "./use-inspected.ts";

/** Requests to the inspector, newest first, updated live. */
export function RequestList() {
  const { query, stream, rows, waiting, freeze, unfreeze, showWaiting } = useInspected();
  const list = useRef<HTMLDivElement>(null);

  const show = () => {
    flushSync(showWaiting);
    list.current?.querySelector<HTMLElement>("[data-row]")?.focus(); // the pill is gone
  };
  /** The list does not move while it is hovered or contains the focus. */
  const releaseIfLeft = () =>
    requestAnimationFrame(() => {
      const element = list.current;
      if (element === null || element.matches(":hover") || element.contains(document.activeElement)) return;
      unfreeze();
    });

  return (
    <section aria-labelledby="requests" className="flex min-w-0 flex-col gap-2">
      <div className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1">
        <h2 id="requests" className="text-card font-semibold">
          Requests
        </h2>
        <p role="status" className="text-table text-warn">
          {stream === "reconnecting" && "Reconnecting …"}
        </p>
        {rows !== undefined && rows.length > 0 && <ClearButton />}
      </div>
      {query.error && rows === undefined ? (
        <LoadProblem what="Requests" error={query.error} onRetry={() => void query.refetch()} />
      ) : rows === undefined ? (
        <Skeleton className="h-64" />
      ) : rows.length === 0 ? (
        <EmptyState icon={Inbox} title="No requests yet">
          Send a test event or an event from your app. Requests appear here with headers, body and a signature
          check.
        </EmptyState>
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: takes no input; only pauses the list during use
        <div
          ref={list}
          onPointerEnter={freeze}
          onPointerLeave={releaseIfLeft}
          onFocus={freeze}
          onBlur={releaseIfLeft}
        >
          <WaitingPill waiting={waiting} isOverflown={false} onShow={show} what="requests" />
          <ul
            aria-label="Requests, newest first"
            className="divide-y divide-line overflow-hidden rounded-card border border-line bg-surface"
          >
            {rows.map((request) => (
              <RequestRow key={request.id} request={request} />
            ))}
          </ul>
          <p className="mt-2 text-table text-muted">
            The newest {INSPECTOR_REQUESTS_MAX} requests are kept here. Deliveries keep the full record.
          </p>
        </div>
      )}
    </section>
  );
}

function ClearButton() {
  const queryClient = useQueryClient();
  const readOnlyReason = useReadOnlyReason();
  const [isConfirming, setIsConfirming] = useState(false);
  const clear = async () => {
    await clearInspected(queryClient);
    focusHeading();
    toast("Cleared.");
  };
  return (
    <span className="ml-auto">
      <Button
        variant="quiet"
        disabledReason={readOnlyReason}
        opens={ConfirmDialog}
        onClick={() => setIsConfirming(true)}
      >
        Clear
      </Button>
      <ConfirmDialog
        open={isConfirming}
        onOpenChange={setIsConfirming}
        title="Clear all requests?"
        confirmLabel="Clear"
        keepLabel="Keep it"
        onConfirm={clear}
      >
        Clears the list for everyone in this workspace. Deliveries and their attempts are kept.
      </ConfirmDialog>
    </span>
  );
}
