import { nextDeliveryState } from "../core/next-delivery-state.ts";
import { createGroupCommit } from "../store/group-commit.ts";
import type { BulkRow } from "../store/hot-statements.ts";
import { newId } from "../store/new-id.ts";
import { cancelDeliveries } from "./cancel.ts";
import type { DeliveryDeps } from "./deps.ts";
import { describeAttempt, type FinishedAttempt, type RecordedAttempt } from "./describe-attempt.ts";

export type Recorder = {
  /** Resolves once the attempt, the delivery's new state and the connection's health are committed. */
  readonly record: (finished: FinishedAttempt) => Promise<RecordedAttempt>;
  readonly idle: () => Promise<void>;
};

const ATTEMPTS_A_COMMIT_MAX = 500;

type Judged = {
  readonly finished: FinishedAttempt;
  readonly attempt: RecordedAttempt;
  readonly finishedAt: number;
  readonly next: ReturnType<typeof nextDeliveryState>;
};

/**
 * Writes what attempts came to. Attempts that finish at the same time share one commit. Only the holder of the lease
 * moves a delivery: if another took it over meanwhile, the attempt is still kept, the state is theirs.
 */
export function createRecorder(deps: RecorderDeps): Recorder {
  const group = createGroupCommit<FinishedAttempt, RecordedAttempt>(
    async (batch) => {
      const judged = batch.map((finished) => judge(deps, finished));
      await commit(deps, judged);
      return judged.map(({ attempt }) => attempt);
    },
    { itemsMax: ATTEMPTS_A_COMMIT_MAX, commitsAtOnce: 1 },
  );
  return { record: group.add, idle: group.idle };
}

type RecorderDeps = Pick<
  DeliveryDeps,
  "db" | "hot" | "workerId" | "now" | "random" | "connectorFor" | "noteAttempts"
>;

function judge(deps: RecorderDeps, finished: FinishedAttempt): Judged {
  const finishedAt = deps.now();
  const attempt = describeAttempt(deps, finished, finishedAt);
  const { claimed } = finished;
  const next = nextDeliveryState({
    ok: attempt.ok,
    status: attempt.outcome.kind === "response" ? attempt.outcome.response.status : null,
    trigger: claimed.trigger,
    attemptNumber: claimed.attemptNumber,
    retryAfterSeconds: attempt.retryAfterSeconds,
    firstFailureAt: claimed.firstFailureAt,
    finishedAt,
    random: deps.random(),
  });
  return { finished, attempt, finishedAt, next };
}

async function commit(deps: RecorderDeps, judged: readonly Judged[]): Promise<void> {
  await deps.db.transaction().execute(async (trx) => {
    await deps.hot.insertRows(trx, "attempts", ATTEMPT_COLUMNS, judged.map(attemptRow));
    const states = judged.map(({ finished, next }) => ({
      id: finished.claimed.id,
      status: next.status,
      attemptCount: finished.claimed.attemptNumber,
      nextAttemptAt: next.nextAttemptAt,
    }));
    await deps.hot.finishDeliveries(trx, deps.workerId, deps.now(), states);
    const byConnection = Map.groupBy(judged, ({ finished }) => finished.claimed.connectionId);
    // In one order everywhere, so that two processes never wait for each other in a circle.
    for (const connectionId of [...byConnection.keys()].sort()) {
      const attempts = (byConnection.get(connectionId) ?? []).map(
        ({ finished, attempt, finishedAt, next }) => ({
          ok: attempt.ok,
          isTest: finished.claimed.trigger === "test",
          error: attempt.error,
          finishedAt,
          pauses: next.pauses,
        }),
      );
      const status = await deps.noteAttempts(trx, connectionId, attempts);
      // It was disconnected while these were under way: what would be tried again is cancelled like the rest.
      if (status === "disconnected") await cancelDeliveries(trx, connectionId, deps.now());
    }
  });
}

const ATTEMPT_COLUMNS = {
  id: "text",
  delivery_id: "text",
  number: "bigint",
  trigger_kind: "text",
  started_at: "bigint",
  duration_ms: "bigint",
  timings: "text",
  request_headers: "text",
  response_status: "bigint",
  response_status_text: "text",
  response_headers: "text",
  response_body: "text",
  response_truncated: "bigint",
  error_code: "text",
  error_message: "text",
  explanation: "text",
} as const;

function attemptRow({ finished, attempt }: Judged): BulkRow {
  const { claimed, startedAt } = finished;
  const response = attempt.outcome.kind === "response" ? attempt.outcome.response : null;
  return [
    newId(),
    claimed.id,
    claimed.attemptNumber,
    claimed.trigger,
    startedAt,
    attempt.durationMs,
    JSON.stringify(attempt.outcome.timings),
    JSON.stringify(attempt.request.headers),
    response?.status ?? null,
    response === null ? null : storable(response.statusText),
    response === null ? null : storable(JSON.stringify(response.headers)),
    response === null ? null : storable(response.body),
    response?.truncated === true ? 1 : 0,
    attempt.error?.code ?? null,
    attempt.error === null ? null : storable(attempt.error.message),
    storable(JSON.stringify(attempt.explanation)),
  ];
}

/** PostgreSQL's text holds no NUL; receivers may answer with one. */
function storable(text: string): string {
  return text.replaceAll("\0", "\u2400");
}
