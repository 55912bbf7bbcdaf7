import { type FinishedState, nextDeliveryState } from "../core/next-delivery-state.ts";
import { newId } from "../store/new-id.ts";
import type { DeliveryDeps } from "./deps.ts";
import { describeAttempt, type FinishedAttempt, type RecordedAttempt } from "./describe-attempt.ts";
import { internalError } from "./internal-error.ts";
import { unsigned } from "./sign.ts";

/** A finished attempt with what follows from it, and the id it is kept under: however often it is written, it is one. */
export type Judged = {
  readonly id: string;
  /** What it was cannot be kept: see `judgeFault`. */
  readonly isFault: boolean;
  readonly finished: FinishedAttempt;
  readonly attempt: RecordedAttempt;
  readonly finishedAt: number;
  readonly next: FinishedState;
};

type JudgeDeps = Pick<DeliveryDeps, "now" | "wallNow" | "random" | "connectorFor" | "onFault">;

/** Decides what follows from a finished attempt. One that cannot be described is a failed attempt of ours. */
export function judge(deps: JudgeDeps, finished: FinishedAttempt): Judged {
  try {
    return decide(deps, finished, false);
  } catch (error) {
    deps.onFault(error, finished.claimed);
    return judgeFault(deps, finished);
  }
}

/** For an attempt that cannot be described or stored as it was: it counts as failed, and none of its content is kept. */
export function judgeFault(deps: JudgeDeps, { claimed, signed, outcome }: FinishedAttempt): Judged {
  const failed = internalError(outcome.timings.total);
  return decide(deps, { claimed, signed: unsigned(claimed, signed.startedAt), outcome: failed }, true);
}

function decide(deps: JudgeDeps, finished: FinishedAttempt, isFault: boolean): Judged {
  const finishedAt = deps.now();
  const attempt = describeAttempt(deps, finished);
  const { claimed } = finished;
  const next = nextDeliveryState({
    ok: attempt.ok,
    status: attempt.outcome.kind === "response" ? attempt.outcome.response.status : null,
    trigger: claimed.trigger,
    attemptNumber: claimed.attemptNumber,
    dueAt: claimed.dueAt,
    isOrdered: claimed.connection.isOrdered,
    retryAfterSeconds: attempt.retryAfterSeconds,
    finishedAt,
    random: deps.random(),
  });
  return { id: newId(), isFault, finished, attempt, finishedAt, next };
}
