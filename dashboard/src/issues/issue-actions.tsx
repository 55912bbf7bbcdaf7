import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { BellOff, RotateCw } from "lucide-react";
import { useState } from "react";
import { problemFrom } from "../api/problem.ts";
import type { Issue } from "../api/types.ts";
import { retriedPendingWords, retryPending } from "../deliveries/retry-pending.ts";
import { requestKeys } from "../forms/request-keys.ts";
import { useReadOnlyReason } from "../session/session-query.ts";
import { Button } from "../ui/button.tsx";
import { toast } from "../ui/toast.tsx";
import { isOnlyWaiting, whyNotReplay } from "./issue-words.ts";
import { changeIssue, replayWhenFixed } from "./queries.ts";

const DONE_WORDS: Record<Issue["state"], string> = {
  open: "The issue is open.",
  muted: "Muted until it is resolved.",
  resolved: "Resolved. It opens again with the next failure.",
};

/** Runs one action at a time; its error is shown until the next one. */
function useAction() {
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const run = async (name: string, action: () => Promise<void>) => {
    if (busy !== null) return;
    setBusy(name);
    setError(null);
    try {
      await action();
    } catch (thrown) {
      setError(problemFrom(thrown).message);
    } finally {
      setBusy(null);
    }
  };
  return { busy, error, run };
}

/** The actions on an issue: replay or retry its deliveries, and mute it. */
export function IssueActions({ issue, showsAll = false }: { issue: Issue; showsAll?: boolean }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const readOnlyReason = useReadOnlyReason();
  const [keyOf] = useState(requestKeys);
  const { busy, error, run } = useAction();
  const setState = (state: Issue["state"]) =>
    run(state, async () => {
      await changeIssue(queryClient, issue.id, state);
      toast(DONE_WORDS[state]);
    });
  const replay = () =>
    run("replay", async () => {
      const { id } = await replayWhenFixed(queryClient, issue, keyOf([issue.id, issue.first_seen_at]));
      await navigate({ to: "/deliveries/replays/$id", params: { id } });
    });
  const retryWaiting = () =>
    run("retry", async () => {
      const { retried, hasMore } = await retryPending(queryClient, { connection_id: issue.connection_id });
      toast(retriedPendingWords(retried, hasMore));
    });
  const of = `${issue.connection_name}, ${issue.title}`;
  return (
    <>
      {isOnlyWaiting(issue) ? (
        <Button
          aria-label={`Retry waiting now: ${of}`}
          busy={busy === "retry"}
          disabledReason={readOnlyReason}
          onClick={() => void retryWaiting()}
        >
          {busy !== "retry" && <RotateCw aria-hidden className="size-4" />}
          <span>Retry waiting now</span>
        </Button>
      ) : (
        <Button
          aria-label={`Replay when fixed: ${of}`}
          busy={busy === "replay"}
          disabledReason={readOnlyReason ?? whyNotReplay(issue)}
          onClick={() => void replay()}
        >
          {busy !== "replay" && <RotateCw aria-hidden className="size-4" />}
          <span>Replay when fixed</span>
        </Button>
      )}
      {issue.state === "open" ? (
        <Button
          aria-label={`Mute: ${of}`}
          busy={busy === "muted"}
          disabledReason={readOnlyReason}
          onClick={() => void setState("muted")}
        >
          {busy !== "muted" && <BellOff aria-hidden className="size-4" />}
          <span>Mute</span>
        </Button>
      ) : (
        <Button
          aria-label={`${issue.state === "muted" ? "Unmute" : "Reopen"}: ${of}`}
          busy={busy === "open"}
          disabledReason={readOnlyReason}
          onClick={() => void setState("open")}
        >
          <span>{issue.state === "muted" ? "Unmute" : "Reopen"}</span>
        </Button>
      )}
      {showsAll && issue.state !== "resolved" && (
        <Button
          busy={busy === "resolved"}
          disabledReason={readOnlyReason}
          onClick={() => void setState("resolved")}
        >
          <span>Mark as resolved</span>
        </Button>
      )}
      <p role="alert" className="basis-full text-table text-err empty:hidden">
        {error}
      </p>
    </>
  );
}
