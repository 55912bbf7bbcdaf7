import { newId } from "../db/new-id.ts";
import type { Database } from "../db/open.ts";
import type { OnStage, Outcome } from "../domain/outcome.ts";
import { DeadlinesByDuration } from "../http-client/deadlines.ts";
import type { SendUnderWay } from "../http-client/egress.ts";
import { answerOf } from "./answer-of.ts";
import { ArrivalWriter, type KeepArrivals } from "./arrival-writer.ts";
import { type InspectorSettings, readSettings } from "./settings.ts";
import { createSharedRead } from "./shared-read.ts";
import { timingsSince, Unanswered } from "./unanswered.ts";

export type ReceivedRequest = {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How long its sender waits for a response. */
  readonly timeoutMs: number;
};

export type InspectorParts = {
  readonly db: Database;
  readonly keep: KeepArrivals;
  readonly now: () => number;
  /** What signatures are timed by; it may be set back. */
  readonly wallNow: () => number;
  readonly onError: (error: unknown) => void;
};

/**
 * The built-in receiver: takes in this process what is sent to its host, and answers as chosen. `Subject` is what
 * callers name their requests by.
 *
 * Answering costs one read of what was chosen. Checking signatures and writing are done a little later, and only for
 * the requests that will be shown. What a crash loses of them is a view: the attempt's own record is elsewhere.
 */
export class Inspector<Subject = unknown> {
  readonly #now: () => number;
  readonly #wallNow: () => number;
  readonly #readChoice: (workspaceId: string) => Promise<InspectorSettings>;
  readonly #writer: ArrivalWriter;
  readonly #unanswered = new DeadlinesByDuration<Unanswered<Subject>>();
  #isStopping = false;

  constructor({ db, keep, now, wallNow, onError }: InspectorParts) {
    this.#now = now;
    this.#wallNow = wallNow;
    this.#readChoice = createSharedRead((workspaceId) => readSettings(db, workspaceId));
    this.#writer = new ArrivalWriter(keep, onError);
  }

  /** Rejects only when the database does not say what to answer. */
  async receive(
    { method, url, headers, body, timeoutMs }: ReceivedRequest,
    subject?: Subject,
    onStage: OnStage | null = null,
  ): Promise<Outcome> {
    const startedAt = performance.now();
    const [arrivedAt, arrivedAtWall] = [this.#now(), this.#wallNow()];
    const workspaceId = url.pathname.slice(1);
    const choice = await this.#readChoice(workspaceId);
    const { answer } = choice;
    this.#writer.add(workspaceId, { id: newId(), method, headers, body, answer, arrivedAt, arrivedAtWall });
    const response = answerOf(choice);
    if (response === null) return this.#neverAnswer({ startedAt, timeoutMs }, subject, onStage);
    return { kind: "response", response, timings: timingsSince(startedAt) };
  }

  /** The requests no one answers, the oldest first. The others are over as soon as they have come. */
  underWay(): Iterable<SendUnderWay<Subject>> {
    return this.#unanswered.underWay();
  }

  /** Drops what has come of a workspace and is not written yet. */
  forget(workspaceId: string): void {
    this.#writer.forget(workspaceId);
  }

  /** Resolves when everything that has come is written. */
  idle(): Promise<void> {
    return this.#writer.idle();
  }

  /** Keeps no one waiting any more: requests that are not answered end as interrupted. */
  stopWaiting(): void {
    this.#isStopping = true;
    for (const one of this.#unanswered.underWay()) one.interrupt();
  }

  /** Writes what has come. */
  async close(): Promise<void> {
    this.stopWaiting();
    await this.#writer.close();
    this.#unanswered.close();
  }

  /** As a receiver that takes the request and says nothing. */
  #neverAnswer(
    { startedAt, timeoutMs }: { readonly startedAt: number; readonly timeoutMs: number },
    subject: Subject | undefined,
    onStage: OnStage | null,
  ): Promise<Outcome> {
    const deadlines = this.#unanswered.of(timeoutMs);
    return new Promise((resolve) => {
      const one = new Unanswered(startedAt, subject, (outcome) => {
        deadlines.clear(one);
        resolve(outcome);
      });
      deadlines.start(one);
      if (onStage !== null) one.watch(onStage);
      if (this.#isStopping) one.interrupt();
    });
  }
}
