import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { CancelFilter, Delivery } from "../../api/types.ts";
import { requestKeys } from "../../forms/request-keys.ts";
import { focusTitle } from "../../navigation/focus-heading.ts";
import { ReplayButton } from "../../replays/replay-button.tsx";
import { toReplayFilter } from "../../replays/replay-filter.ts";
import { useReadOnlyReason } from "../../session/session-query.ts";
import { count } from "../../text/count.ts";
import { Button } from "../../ui/button.tsx";
import { buttonStyle } from "../../ui/button-style.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Notice } from "../../ui/notice.tsx";
import type { DeliveryFilter } from "../delivery-filter.ts";
import { retriedPendingWords, retryPending } from "../retry-pending.ts";
import { cancelMany, retryMany } from "./bulk.ts";
import {
  type BulkSize,
  cancelEffects,
  cancelledWords,
  retriedWords,
  retryEffects,
  sizeWords,
} from "./bulk-words.ts";
import type { ListSelection } from "./use-selection.ts";

export type BulkBarProps = {
  selection: ListSelection;
  rows: readonly Delivery[];
  filter: DeliveryFilter;
  /** The number of deliveries that match the filter, if known. */
  matching: BulkSize;
};

type Result = { readonly words: string; readonly replayId: string | null };

/** The actions for the selected deliveries, and their result. */
export function BulkBar({ selection, rows, filter, matching }: BulkBarProps) {
  const { ids, isAll } = selection.state;
  const [result, setResult] = useState<Result | null>(null);
  const isEmpty = ids.size === 0 && !isAll;
  const done = (words: string, replayId: string | null) => {
    setResult({ words, replayId });
    selection.clear();
    focusTitle();
  };
  return (
    <>
      {result && <BulkResult result={result} onDismiss={() => setResult(null)} />}
      <p role="status" className="sr-only">
        {!isEmpty && (isAll ? `Selected: ${sizeWords(matching)}` : `${count(ids.size)} selected`)}
      </p>
      {!isEmpty && (
        <section
          aria-label="Selected deliveries"
          className="sticky top-14 z-10 mb-2 flex flex-wrap items-center gap-2 rounded-card border border-accent bg-surface px-3 py-2 shadow-popup lg:top-2"
        >
          <p className="font-medium">
            {isAll ? `Selected: ${sizeWords(matching)}` : `${count(ids.size)} selected`}
          </p>
          {!isAll && filter.q === undefined && (
            <Button variant="quiet" onClick={selection.selectAll}>
              Select all matching
              {matching.count !== null && ` (${matching.isExact ? "" : "about "}${count(matching.count)})`}
            </Button>
          )}
          <div className="ml-auto flex flex-wrap gap-2">
            {isAll ? (
              <>
                {filter.status !== "pending" && <ReplayButton filter={filter} />}
                {(filter.status ?? "pending") === "pending" && <RetryPending filter={filter} onDone={done} />}
              </>
            ) : (
              <RetryMany rows={rows.filter(({ id }) => ids.has(id))} ids={ids} onDone={done} />
            )}
            <CancelMany selection={selection} rows={rows} filter={filter} matching={matching} onDone={done} />
            <Button
              variant="quiet"
              aria-label="Clear selection"
              onClick={() => {
                focusTitle();
                selection.clear();
              }}
            >
              <X aria-hidden className="size-4" />
            </Button>
          </div>
        </section>
      )}
    </>
  );
}

function BulkResult({ result, onDismiss }: { result: Result; onDismiss: () => void }) {
  return (
    <Notice
      tone="info"
      live
      className="mb-3"
      action={
        <span className="flex gap-2">
          {result.replayId !== null && (
            <Link
              to="/deliveries/replays/$id"
              params={{ id: result.replayId }}
              className={buttonStyle("secondary")}
            >
              See progress
            </Link>
          )}
          <Button
            variant="quiet"
            onClick={() => {
              focusTitle();
              onDismiss();
            }}
          >
            Dismiss
          </Button>
        </span>
      }
    >
      {result.words}
    </Notice>
  );
}

type OnDone = (words: string, replayId: string | null) => void;
type RetryManyProps = { rows: readonly Delivery[]; ids: ReadonlySet<string>; onDone: OnDone };

function RetryMany({ rows, ids, onDone }: RetryManyProps) {
  const queryClient = useQueryClient();
  const readOnlyReason = useReadOnlyReason();
  const [isConfirming, setIsConfirming] = useState(false);
  const [keyOf] = useState(requestKeys);
  const words = sizeWords({ count: ids.size, isExact: true });
  const retry = async () => {
    const chosen = [...ids];
    const { replay, broughtForward } = await retryMany(queryClient, chosen, keyOf(chosen));
    onDone(retriedWords(replay.total, broughtForward), replay.total > 0 ? replay.id : null);
  };
  return (
    <>
      <Button
        variant="primary"
        opens={ConfirmDialog}
        disabledReason={readOnlyReason}
        onClick={() => setIsConfirming(true)}
      >
        Retry now
      </Button>
      <ConfirmDialog
        open={isConfirming}
        onOpenChange={setIsConfirming}
        title={`Retry ${words} now?`}
        confirmLabel={`Retry ${words}`}
        keepLabel="Not now"
        isHarmless
        onConfirm={retry}
      >
        <Effects lines={retryEffects(rows)} />
      </ConfirmDialog>
    </>
  );
}

function RetryPending({ filter, onDone }: { filter: DeliveryFilter; onDone: OnDone }) {
  const queryClient = useQueryClient();
  const readOnlyReason = useReadOnlyReason();
  const [isConfirming, setIsConfirming] = useState(false);
  const retry = async () => {
    const { status: _, ...rest } = toReplayFilter(filter, Date.now());
    const { retried, hasMore } = await retryPending(queryClient, rest);
    onDone(retriedPendingWords(retried, hasMore), null);
  };
  return (
    <>
      <Button opens={ConfirmDialog} disabledReason={readOnlyReason} onClick={() => setIsConfirming(true)}>
        Retry pending now
      </Button>
      <ConfirmDialog
        open={isConfirming}
        onOpenChange={setIsConfirming}
        title="Retry all matching pending deliveries now?"
        confirmLabel="Retry now"
        keepLabel="Not now"
        isHarmless
        onConfirm={retry}
      >
        <Effects
          lines={[
            "Those that wait for a later attempt are sent now, unless their connection is held, paused or in strict order.",
          ]}
        />
      </ConfirmDialog>
    </>
  );
}

type CancelManyProps = BulkBarProps & { onDone: OnDone };

function CancelMany({ selection, rows, filter, matching, onDone }: CancelManyProps) {
  const queryClient = useQueryClient();
  const readOnlyReason = useReadOnlyReason();
  const [isConfirming, setIsConfirming] = useState(false);
  const { ids, isAll } = selection.state;
  const words = sizeWords(isAll ? matching : { count: ids.size, isExact: true });
  const cancel = async () => {
    const { status: _, ...rest } = toReplayFilter(filter, Date.now());
    const status: CancelFilter["status"] =
      filter.status === "pending" || filter.status === "failed" ? [filter.status] : ["pending", "failed"];
    const target = isAll ? { filter: { ...rest, status } } : { ids: [...ids] };
    const { cancelled, hasMore } = await cancelMany(queryClient, target);
    onDone(cancelledWords(cancelled, hasMore), null);
  };
  const effects = isAll
    ? ["Matching deliveries that are pending or failed are not sent any more. Attempts stay on record."]
    : cancelEffects(rows.filter(({ id }) => ids.has(id)));
  return (
    <>
      <Button
        variant="danger"
        opens={ConfirmDialog}
        disabledReason={readOnlyReason}
        onClick={() => setIsConfirming(true)}
      >
        Cancel…
      </Button>
      <ConfirmDialog
        open={isConfirming}
        onOpenChange={setIsConfirming}
        title={`Cancel ${words}?`}
        confirmLabel={`Cancel ${words}`}
        keepLabel="Keep them"
        onConfirm={cancel}
      >
        <Effects lines={effects} />
      </ConfirmDialog>
    </>
  );
}

function Effects({ lines }: { lines: readonly string[] }): ReactNode {
  return lines.map((line) => (
    <span key={line} className="block">
      {line}
    </span>
  ));
}
