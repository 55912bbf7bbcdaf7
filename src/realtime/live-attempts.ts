import type { Bus } from "../db/notify.ts";
import { withQueued } from "../dispatch/describe-attempt.ts";
import type { SignedDelivery } from "../dispatch/signed-delivery.ts";
import type { AttemptTrigger } from "../domain/delivery.ts";
import type { AttemptStage, AttemptTimings, OnStage } from "../domain/outcome.ts";
import { type AttemptKeys, attemptKeyOf, isAttemptKey, isWatched } from "./attempt-interest.ts";
import { ASK, REMEMBERED_MS } from "./cluster-changes.ts";
import type { ChangeFilter } from "./subscriber.ts";

/** The current state of an attempt in flight. */
export type LiveAttempt = {
  readonly workspaceId: string;
  readonly deliveryId: string;
  readonly connectionId: string;
  readonly number: number;
  readonly trigger: AttemptTrigger;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly stage: AttemptStage;
  /** Timings of the finished stages; `total` is the time so far. */
  readonly timings: AttemptTimings;
};

/** Stages that follow each other faster are published as one, since no one could see them separately. */
const GATHERED_MS = 20;
/** Attempts published together. Any other is published at its next stage, or when its watchers next announce themselves. */
const PUBLISHED_TOGETHER_MAX = 500;
const WANTED_MAX = 10_000;

export type LiveAttemptsDeps = {
  readonly bus: Pick<Bus, "publish" | "subscribe">;
  /** Requests in flight in this process. */
  readonly sendsUnderWay: () => Iterable<{
    readonly subject: SignedDelivery | undefined;
    readonly watch: (onStage: OnStage) => void;
  }>;
  /** Called with attempts that someone in this process watches, whichever process sends them. */
  readonly onAttempt: (attempt: LiveAttempt) => void;
  /** Monotonic milliseconds. */
  readonly clock: () => number;
};

export type WatchedAttempts = {
  /** Publishes the state of everything in flight again. */
  readonly requestAgain: () => void;
  readonly end: () => void;
};

const NOTHING_WATCHED: WatchedAttempts = { requestAgain: () => undefined, end: () => undefined };

/**
 * The stages of attempts that someone watches, in this process or in another on the same database. A message contains a
 * whole state, so losing or repeating one does no harm. Attempts in flight are not stored here: the requests themselves
 * are asked when someone begins to watch. A delivery that no one watches costs one look at two empty maps.
 */
export class LiveAttempts {
  readonly #deps: LiveAttemptsDeps;
  /** The number of this process's streams that watch a key. */
  readonly #wantedHere = new Map<string, number>();
  /** Until when other processes are known to watch a key. */
  readonly #wantedElsewhere = new Map<string, number>();
  /** The latest state of a delivery that is not published yet. */
  readonly #unpublished = new Map<string, LiveAttempt>();
  #timer: NodeJS.Timeout | null = null;

  constructor(deps: LiveAttemptsDeps) {
    this.#deps = deps;
    const announce = () => this.#announce();
    deps.bus.subscribe("interest", (messages) => this.#addInterest(messages), announce);
    // After a gap, announcing again what is watched here makes the others publish their attempts in flight again.
    deps.bus.subscribe("attempts", (messages) => this.#receive(messages), announce);
  }

  /** The listener for the stages of an attempt that begins; null if no one watches. */
  stagesListener(signed: SignedDelivery): OnStage | null {
    if (this.#wantedHere.size === 0 && this.#wantedElsewhere.size === 0) return null;
    const ids = idsOf(signed);
    const isWanted = isWatched(this.#wantedHere, ids) || isWatched(this.#wantedElsewhere, ids);
    return isWanted ? this.#listenerFor(signed) : null;
  }

  /** Begins to watch the attempts of a filter, if it is narrow enough. */
  watch(workspaceId: string, filter: ChangeFilter): WatchedAttempts {
    const key = attemptKeyOf(workspaceId, filter);
    if (key === null) return NOTHING_WATCHED;
    this.#wantedHere.set(key, (this.#wantedHere.get(key) ?? 0) + 1);
    this.#ask(key);
    return { requestAgain: () => this.#ask(key), end: () => this.#unwatch(key) };
  }

  /** Announces again what is watched here, and forgets what others no longer watch. */
  tick(): void {
    const now = this.#deps.clock();
    for (const [key, until] of this.#wantedElsewhere) if (until < now) this.#wantedElsewhere.delete(key);
    this.#announce();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#unpublished.clear();
    this.#wantedHere.clear();
    this.#wantedElsewhere.clear();
  }

  #announce(): void {
    this.#deps.bus.publish("interest", [...this.#wantedHere.keys()]);
  }

  #ask(key: string): void {
    this.#deps.bus.publish("interest", [key]);
    this.#publishUnderWay(new Set([key]));
  }

  #unwatch(key: string): void {
    const others = (this.#wantedHere.get(key) ?? 1) - 1;
    if (others > 0) this.#wantedHere.set(key, others);
    else this.#wantedHere.delete(key);
  }

  #addInterest(messages: readonly string[]): void {
    const until = this.#deps.clock() + REMEMBERED_MS;
    const wanted = new Set(messages.filter(isAttemptKey));
    for (const key of wanted) {
      if (this.#wantedElsewhere.size < WANTED_MAX || this.#wantedElsewhere.has(key)) {
        this.#wantedElsewhere.set(key, until);
      }
    }
    if (wanted.size > 0) this.#publishUnderWay(wanted);
    if (messages.includes(ASK)) this.#announce();
  }

  #receive(messages: readonly string[]): void {
    for (const message of messages) this.#deps.onAttempt(JSON.parse(message) as LiveAttempt);
  }

  /** Publishes the watched requests in flight, and their next stages. */
  #publishUnderWay(wanted: AttemptKeys): void {
    for (const send of this.#deps.sendsUnderWay()) {
      const { subject } = send;
      if (subject !== undefined && isWatched(wanted, idsOf(subject))) send.watch(this.#listenerFor(subject));
    }
  }

  #listenerFor(signed: SignedDelivery): OnStage {
    return (stage, timings) => {
      const attempt = liveAttempt(signed, stage, withQueued(signed, timings));
      if (this.#unpublished.size < PUBLISHED_TOGETHER_MAX || this.#unpublished.has(attempt.deliveryId)) {
        this.#unpublished.set(attempt.deliveryId, attempt);
      }
      this.#timer ??= setTimeout(() => this.#publish(), GATHERED_MS);
    };
  }

  #publish(): void {
    this.#timer = null;
    const messages: string[] = [];
    for (const attempt of this.#unpublished.values()) {
      if (isWatched(this.#wantedHere, attempt)) this.#deps.onAttempt(attempt);
      if (isWatched(this.#wantedElsewhere, attempt)) messages.push(JSON.stringify(attempt));
    }
    this.#unpublished.clear();
    this.#deps.bus.publish("attempts", messages);
  }
}

function idsOf({ delivery }: SignedDelivery) {
  return {
    workspaceId: delivery.connection.workspaceId,
    deliveryId: delivery.id,
    connectionId: delivery.connection.id,
    trigger: delivery.trigger,
  };
}

function liveAttempt(signed: SignedDelivery, stage: AttemptStage, timings: AttemptTimings): LiveAttempt {
  const { delivery, startedAt } = signed;
  return { ...idsOf(signed), number: delivery.attemptNumber, startedAt, stage, timings };
}
