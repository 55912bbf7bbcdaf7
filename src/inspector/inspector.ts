import { newId } from "../db/new-id.ts";
import type { Database } from "../db/open.ts";
import type { OnStage, Outcome } from "../domain/outcome.ts";
import { DeadlinesByDuration } from "../http-client/deadlines.ts";
import type { SendUnderWay } from "../http-client/egress.ts";
import { ArrivalWriter, type StoreArrivals } from "./arrival-writer.ts";
import { HangingRequest, timingsSince } from "./hanging-request.ts";
import { responseOf } from "./response-of.ts";
import { type InspectorSettings, readSettings } from "./settings.ts";
import { createSharedRead } from "./shared-read.ts";

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
  readonly store: StoreArrivals;
  readonly now: () => number;
  /** The clock for checking signatures; it can be set back. */
  readonly wallNow: () => number;
  readonly onError: (error: unknown) => void;
};

/**
 * The built-in receiver: accepts requests to its host within this process, and responds as configured. `Subject` is how
 * callers identify their requests.
 *
 * A response costs one read of the settings. Signatures are checked and requests written a little later, and only for
 * the requests that will be shown. A crash loses only this view: attempts are recorded elsewhere.
 */
export class Inspector<Subject = unknown> {
  readonly #now: () => number;
  readonly #wallNow: () => number;
  readonly #readChoice: (workspaceId: string) => Promise<InspectorSettings>;
  readonly #writer: ArrivalWriter;
  readonly #hanging = new DeadlinesByDuration<HangingRequest<Subject>>();
  #isStopping = false;

  constructor({ db, store, now, wallNow, onError }: InspectorParts) {
    this.#now = now;
    this.#wallNow = wallNow;
    this.#readChoice = createSharedRead((workspaceId) => readSettings(db, workspaceId));
    this.#writer = new ArrivalWriter(store, onError);
  }

  /** Rejects only when the settings cannot be read from the database. */
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
    const response = responseOf(choice);
    if (response === null) return this.#neverRespond({ startedAt, timeoutMs }, subject, onStage);
    return { kind: "response", response, timings: timingsSince(startedAt) };
  }

  /** The requests that get no response, oldest first. All others end as soon as they arrive. */
  underWay(): Iterable<SendUnderWay<Subject>> {
    return this.#hanging.underWay();
  }

  /** Drops the requests of a workspace that are not written yet. */
  forget(workspaceId: string): void {
    this.#writer.forget(workspaceId);
  }

  /** Resolves when all received requests are written. */
  idle(): Promise<void> {
    return this.#writer.idle();
  }

  /** Ends all requests that are waiting for a response as interrupted. */
  stopWaiting(): void {
    this.#isStopping = true;
    for (const one of this.#hanging.underWay()) one.interrupt();
  }

  /** Writes all received requests. */
  async close(): Promise<void> {
    this.stopWaiting();
    await this.#writer.close();
    this.#hanging.close();
  }

  /** Behaves like a receiver that accepts the request and never responds. */
  #neverRespond(
    { startedAt, timeoutMs }: { readonly startedAt: number; readonly timeoutMs: number },
    subject: Subject | undefined,
    onStage: OnStage | null,
  ): Promise<Outcome> {
    const deadlines = this.#hanging.of(timeoutMs);
    return new Promise((resolve) => {
      const one = new HangingRequest(startedAt, subject, (outcome) => {
        deadlines.clear(one);
        resolve(outcome);
      });
      deadlines.start(one);
      if (onStage !== null) one.watch(onStage);
      if (this.#isStopping) one.interrupt();
    });
  }
}
