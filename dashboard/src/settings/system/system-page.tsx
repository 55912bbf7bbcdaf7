import { useQuery } from "@tanstack/react-query";
import { problemFrom } from "../../api/problem.ts";
import { DocsLink } from "../../docs/docs-link.tsx";
import { spanOf } from "../../text/span.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { useNow } from "../../ui/use-now.ts";
import { systemQuery } from "../queries.ts";
import { SystemView } from "./system-view.tsx";
import { isDelivering, systemSummary } from "./system-words.ts";
import { NoWorkerNotice } from "./worker-notice.tsx";

const TICK_MS = 1_000;

/** The state of the instance, kept up to date while it is shown. If a read fails, the last state remains. */
export function SystemPage() {
  const query = useQuery(systemQuery);
  const { data: system, error, dataUpdatedAt } = query;
  if (system === undefined) {
    return error ? (
      <LoadProblem what="System status" error={error} onRetry={() => void query.refetch()} />
    ) : (
      <Skeleton className="h-96" />
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <ReadAgo at={dataUpdatedAt} />
        <CopyButton
          variant="secondary"
          showsWhat
          what="summary"
          text={() => systemSummary(system, new Date(dataUpdatedAt))}
        />
      </div>
      {error !== null && (
        <Notice tone="err" live title="Not up to date">
          {problemFrom(error).message} OpenSend tries again every few seconds.
        </Notice>
      )}
      {!system.database.reachable && (
        <Notice tone="err" live title="The database is not responding">
          No events are accepted or sent until it responds. Accepted events are not lost. Start the database,
          or check DATABASE_URL.
        </Notice>
      )}
      {isDelivering(system) === false && <NoWorkerNotice />}
      <SystemView system={system} />
    </div>
  );
}

function ReadAgo({ at }: { at: number }) {
  const nowMs = useNow(TICK_MS);
  return (
    <p className="text-table text-muted tabular-nums">
      Updated {spanOf(nowMs - at)} ago. Covers the whole instance. <DocsLink topic="system" />
    </p>
  );
}
