import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, responseOf } from "../../api/client.ts";
import type { SessionRow } from "../../api/types.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Status } from "../../ui/status.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { toast } from "../../ui/toast.tsx";
import { sessionsQuery } from "../queries.ts";
import { deviceWords } from "./device-words.ts";

/** The person's sessions, with a button to end each. */
export function SessionList() {
  const queryClient = useQueryClient();
  const sessions = useQuery(sessionsQuery);
  const [ending, setEnding] = useState<SessionRow | "others" | null>(null);
  if (sessions.data === undefined) {
    return sessions.error ? (
      <LoadProblem what="Your sessions" error={sessions.error} onRetry={() => void sessions.refetch()} />
    ) : (
      <Skeleton className="h-32" />
    );
  }
  const hasOthers = sessions.data.some(({ current }) => !current);
  const end = async () => {
    if (ending === null) return;
    if (ending === "others") await responseOf(api.DELETE("/api/sessions"));
    else await responseOf(api.DELETE("/api/sessions/{id}", { params: { path: { id: ending.id } } }));
    await queryClient.invalidateQueries(sessionsQuery);
    toast(ending === "others" ? "All other sessions have ended." : "The session has ended.");
  };
  return (
    <>
      <ul className="divide-y divide-line rounded-card border border-line bg-surface">
        {sessions.data.map((session) => (
          <SessionItem key={session.id} session={session} onEnd={() => setEnding(session)} />
        ))}
      </ul>
      <Button
        variant="danger"
        opens={ConfirmDialog}
        className="self-start"
        disabledReason={hasOthers ? null : "You have no other sessions."}
        onClick={() => setEnding("others")}
      >
        End all others
      </Button>
      <ConfirmDialog
        open={ending !== null}
        onOpenChange={(open) => !open && setEnding(null)}
        title={ending === "others" ? "End all other sessions?" : "End this session?"}
        confirmLabel={ending === "others" ? "End all others" : "End session"}
        keepLabel={ending === "others" ? "Keep" : "Keep it"}
        onConfirm={end}
      >
        {ending === "others"
          ? "You stay signed in here, and are signed out everywhere else."
          : `${nameOf(ending)} is signed out immediately. Saved changes are kept.`}
      </ConfirmDialog>
    </>
  );
}

type SessionItemProps = { session: SessionRow; onEnd: () => void };

function SessionItem({ session, onEnd }: SessionItemProps) {
  const name = nameOf(session);
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-48">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
          {name}
          {session.current && <Status name="this_session" />}
        </p>
        <p className="text-table text-muted [overflow-wrap:anywhere]">
          Signed in <TimeAgo at={session.created_at} />
          {session.address !== null && session.address !== "" && ` from ${session.address}`}
        </p>
      </div>
      {!session.current && (
        <Button variant="danger" opens={ConfirmDialog} aria-label={`End ${name}`} onClick={onEnd}>
          End
        </Button>
      )}
    </li>
  );
}

function nameOf(session: SessionRow | "others" | null): string {
  return session === null || session === "others" ? "" : deviceWords(session.user_agent);
}
