import { type FinishedState, nextDeliveryState } from "../domain/next-delivery-state.ts";
import type { DeliveryDeps } from "./deps.ts";
import { describeAttempt, type FinishedAttempt, type RecordedAttempt } from "./describe-attempt.ts";
import { internalError } from "./internal-error.ts";
import { unsigned } from "./sign.ts";

/** A finished attempt with what follows from it. */
export type Judged = {
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
    deps.onFault(error, finished.delivery);
    return judgeFault(deps, finished);
  }
}

/** For an attempt that cannot be described or stored as it was: it counts as failed, and none of its content is kept. */
export function judgeFault(deps: JudgeDeps, { delivery, signed, outcome }: FinishedAttempt): Judged {
  const failed = internalError(outcome.timings.total);
  return decide(deps, { delivery, signed: unsigned(delivery, signed.startedAt), outcome: failed }, true);
}

function decide(deps: JudgeDeps, finished: FinishedAttempt, isFault: boolean): Judged {
  const finishedAt = deps.now();
  const attempt = describeAttempt(deps, finished);
  const { delivery } = finished;
  const next = nextDeliveryState({
    ok: attempt.ok,
    status: attempt.outcome.kind === "response" ? attempt.outcome.response.status : null,
    trigger: delivery.trigger,
    attemptNumber: delivery.attemptNumber,
    dueAt: delivery.dueAt,
    isOrdered: delivery.connection.isOrdered,
    retryAfterSeconds: attempt.retryAfterSeconds,
    finishedAt,
    random: deps.random(),
  });
  return { isFault, finished, attempt, finishedAt, next };
}
