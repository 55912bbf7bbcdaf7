import type { ConnectionRow } from "../../src/connections/connection-row.ts";
import {
  errorColumns,
  pausedColumns,
  type ReceiverState,
  reasonToPause,
  receiverStateAfter,
  receiverStateColumns,
  receiverStateOf,
} from "../../src/connections/update-after-attempts.ts";
import { toAttemptResult } from "../../src/dispatch/attempt-writer.ts";
import type { Judge, Judged } from "../../src/dispatch/judge.ts";
import type { Sender } from "../../src/dispatch/sender.ts";
import { claimLimit } from "../../src/domain/claim-limit.ts";
import type { PausedReason } from "../../src/domain/connection.ts";
import type { Outcome } from "../../src/domain/outcome.ts";
import type { StoredEvent } from "../../src/ingest/event-rows.ts";
import type { PlannedConnection } from "./plan-connections.ts";
import { PriorityQueue } from "./priority-queue.ts";
import type { SeededRandom } from "./random.ts";
import { deliveredOutcome, failedOutcome } from "./responses.ts";

/** The columns of a delivery's row that describe its last attempt. */
type LastAttempt = {
  readonly responseStatus: number | null;
  readonly errorCode: string | null;
  readonly durationMs: number;
  readonly finishedAt: number;
};

/** A delivery during its history. */
export type SeededDelivery = {
  readonly id: string;
  readonly event: StoredEvent;
  readonly connectionId: string;
  attempts: number;
  dueAt: number;
  status: "pending" | "delivered" | "failed" | "cancelled";
  last: LastAttempt | null;
  updatedAt: number;
};

export type Engine = {
  readonly sender: Pick<Sender, "sign">;
  readonly judge: Pick<Judge, "judge">;
  readonly clock: { now: number };
  readonly random: SeededRandom;
};

/** The events of a connection's run. */
export type RunListener = {
  readonly attempted: (judged: Judged) => void;
  /** The delivery was delivered, failed or cancelled. */
  readonly ended: (delivery: SeededDelivery) => void;
  readonly paused: (connection: ConnectionRow, reason: PausedReason, at: number) => void;
};

/** The maximum time from when a delivery is due until its request starts. */
const START_MS_MAX = 12;

/**
 * Simulates one connection's queue with the product's own decisions: results of attempts, health, circuit breaker,
 * Retry-After pauses, paused connections. One request at a time, which makes no difference to the stored rows.
 */
export class ConnectionRun {
  readonly planned: PlannedConnection;
  readonly #engine: Engine;
  readonly #listener: RunListener;
  readonly #queue = new PriorityQueue<SeededDelivery>(
    (a, b) => a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.id < b.id),
  );
  #state: ReceiverState;
  #pausedReason: PausedReason | null = null;
  #pausedAt = 0;
  #isDisconnected = false;
  #lastFinishedAt = 0;
  #errorColumns: Partial<ReturnType<typeof errorColumns>> = {};
  #lastFailureAt: number | null = null;

  constructor(planned: PlannedConnection, engine: Engine, listener: RunListener) {
    this.planned = planned;
    this.#engine = engine;
    this.#listener = listener;
    this.#state = receiverStateOf(planned.row);
  }

  subscribesTo(event: StoredEvent): boolean {
    const { behavior, subscribesTo: matches } = this.planned;
    return event.acceptedAt < (behavior.disconnectedAt ?? Number.POSITIVE_INFINITY) && matches(event.type);
  }

  add(event: StoredEvent, id: string): void {
    const { row } = this.planned;
    const { acceptedAt } = event;
    this.#queue.add({
      id,
      event,
      connectionId: row.id,
      attempts: 0,
      dueAt: acceptedAt,
      status: "pending",
      last: null,
      updatedAt: acceptedAt,
    });
  }

  /** Simulates every attempt that ends before a time. */
  runUntil(until: number): void {
    const { pausedAt, disconnectedAt } = this.planned.behavior;
    const stopsAt = Math.min(until, pausedAt ?? until, disconnectedAt ?? until);
    while (this.#pausedReason === null && this.#attemptFirst(stopsAt));
    if (pausedAt !== null && pausedAt <= until && this.#pausedReason === null)
      this.#pause("manual", pausedAt);
    if (disconnectedAt !== null && disconnectedAt <= until) this.#disconnect(disconnectedAt);
  }

  /** The deliveries that are still pending. */
  takePending(): readonly SeededDelivery[] {
    return this.#queue.removeAll();
  }

  /** The connection's row at the end of the history. */
  finalRow(): ConnectionRow {
    const { row, behavior } = this.planned;
    const at = this.#lastFinishedAt === 0 ? null : this.#lastFinishedAt;
    const after = {
      ...row,
      ...receiverStateColumns(this.#state),
      last_health_check_at: at,
      last_event_at: at,
      ...this.#errorColumns,
      last_failure_at: this.#lastFailureAt,
    };
    if (this.#isDisconnected) {
      const changedAt = behavior.disconnectedAt ?? row.updated_at;
      return {
        ...after,
        status: "disconnected",
        sealed_credentials: null,
        has_signing_secret: 0,
        version: 2,
        last_sync_at: changedAt,
        updated_at: changedAt,
      };
    }
    if (this.#pausedReason === null) return after;
    const changes =
      behavior.pausedAt === null
        ? {}
        : { version: 2, last_sync_at: behavior.pausedAt, updated_at: behavior.pausedAt };
    return { ...after, ...changes, ...pausedColumns(this.#pausedReason, this.#pausedAt) };
  }

  /** Attempts the delivery that is due first, if the attempt ends before a time. Returns whether it did. */
  #attemptFirst(until: number): boolean {
    const delivery = this.#queue.first;
    if (delivery === undefined) return false;
    const { random } = this.#engine;
    const startedAt = this.#maySendAt(delivery.dueAt) + random.int(1, START_MS_MAX);
    if (startedAt >= until) return false;
    const outcome = this.#outcomeAt(startedAt);
    if (startedAt + outcome.timings.total >= until) return false;
    this.#queue.removeFirst();
    const judged = this.#judge(delivery, startedAt, outcome);
    this.#record(judged);
    this.#advance(delivery, judged);
    return true;
  }

  /** When a delivery with this due time can be sent, given circuit breaker and Retry-After pause. */
  #maySendAt(dueAt: number): number {
    const { breaker, hold } = this.#state;
    const isProbe = breaker.probeAt !== null;
    let at = isProbe ? Math.max(dueAt, this.#lastFinishedAt) : dueAt;
    for (;;) {
      const state = {
        status: "connected",
        breaker,
        hold,
        rateLimitPerMinute: null,
        rateUsedUntil: 0,
      } as const;
      const { limit, lookAgainAt } = claimLimit(state, 1, 0, at);
      if (limit > 0 || lookAgainAt === null) return at;
      at = lookAgainAt;
    }
  }

  #outcomeAt(startedAt: number): Outcome {
    const { random } = this.#engine;
    const { behavior, opened, responseMs } = this.planned;
    const durationMs = random.around(responseMs, 0.45);
    const trouble = behavior.troubles.find(
      ({ from, until, share }) => startedAt >= from && startedAt < until && random.chance(share),
    );
    if (trouble === undefined) return deliveredOutcome(opened.endpoint.receiver, durationMs, random);
    return failedOutcome(trouble.kind, { hasLongPause: trouble.hasLongPause === true, durationMs }, random);
  }

  #judge(delivery: SeededDelivery, startedAt: number, outcome: Outcome): Judged {
    const { sender, judge, clock } = this.#engine;
    const { event } = delivery;
    const due = {
      id: delivery.id,
      connection: this.planned.opened,
      trigger: "schedule",
      attemptNumber: delivery.attempts + 1,
      dueAt: delivery.dueAt,
      replayId: null,
      payloadBytes: event.dataBytes,
      rateUsedUntil: null,
      event,
    } as const;
    clock.now = startedAt;
    const signed = sender.sign(due, startedAt);
    clock.now = startedAt + Math.round(outcome.timings.total);
    return judge.judge({ delivery: due, signed, outcome });
  }

  #record(judged: Judged): void {
    const { attempt, finishedAt } = judged;
    const recorded = toAttemptResult(judged);
    this.#state = receiverStateAfter(this.#state, recorded, false);
    this.#lastFinishedAt = Math.max(this.#lastFinishedAt, finishedAt);
    this.#errorColumns = errorColumns(recorded);
    if (!attempt.ok) this.#lastFailureAt = finishedAt;
    this.#listener.attempted(judged);
    const reason = reasonToPause([recorded], this.#state);
    if (reason !== null) this.#pause(reason, finishedAt);
  }

  #advance(delivery: SeededDelivery, judged: Judged): void {
    const { next, finishedAt, attempt } = judged;
    const { outcome, error, durationMs } = attempt;
    const responseStatus = outcome.kind === "response" ? outcome.response.status : null;
    delivery.attempts += 1;
    delivery.last = { responseStatus, errorCode: error?.code ?? null, durationMs, finishedAt };
    delivery.updatedAt = finishedAt;
    delivery.status = next.status;
    if (next.status === "pending" && next.nextAttemptAt !== null) {
      delivery.dueAt = next.nextAttemptAt;
      this.#queue.add(delivery);
    } else {
      this.#listener.ended(delivery);
    }
  }

  #pause(reason: PausedReason, at: number): void {
    this.#pausedReason = reason;
    this.#pausedAt = at;
    this.#listener.paused(this.planned.row, reason, at);
  }

  #disconnect(at: number): void {
    if (this.#isDisconnected) return;
    this.#isDisconnected = true;
    for (const delivery of this.#queue.removeAll()) {
      delivery.status = "cancelled";
      delivery.updatedAt = Math.max(at, delivery.updatedAt);
      this.#listener.ended(delivery);
    }
  }
}
