import { type FinishedState, nextDeliveryState } from "../domain/next-delivery-state.ts";
import {
  type DescribeDeps,
  describeAttempt,
  type FinishedAttempt,
  type RecordedAttempt,
} from "./describe-attempt.ts";
import { internalError, type OnFault } from "./internal-error.ts";
import { unsigned } from "./signed-delivery.ts";

/** A finished attempt with its consequences. */
export type Judged = {
  /** The attempt's own content cannot be stored: see `judgeFault`. */
  readonly isFault: boolean;
  readonly finished: FinishedAttempt;
  readonly attempt: RecordedAttempt;
  readonly finishedAt: number;
  readonly next: FinishedState;
};

type JudgeDeps = DescribeDeps & {
  readonly now: () => number;
  /** Returns a number from 0 to 1, for jitter. */
  readonly random: () => number;
  readonly onFault: OnFault;
};

/** Decides the consequences of finished attempts. */
export class Judge {
  readonly #deps: JudgeDeps;

  constructor(deps: JudgeDeps) {
    this.#deps = deps;
  }

  /** An attempt that cannot be described counts as failed because of an internal error. */
  judge(finished: FinishedAttempt): Judged {
    try {
      return this.#decide(finished, false);
    } catch (error) {
      return this.judgeFault(finished, error);
    }
  }

  /** For an attempt that cannot be described or stored: it counts as failed, and none of its content is kept. */
  judgeFault({ delivery, signed, outcome }: FinishedAttempt, error: unknown): Judged {
    this.#deps.onFault(error, delivery);
    const failed = internalError(outcome.timings.total);
    return this.#decide({ delivery, signed: unsigned(delivery, signed.startedAt), outcome: failed }, true);
  }

  #decide(finished: FinishedAttempt, isFault: boolean): Judged {
    const finishedAt = this.#deps.now();
    const attempt = describeAttempt(this.#deps, finished);
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
      random: this.#deps.random(),
    });
    return { isFault, finished, attempt, finishedAt, next };
  }
}
