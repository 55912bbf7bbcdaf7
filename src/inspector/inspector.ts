import type { OnStage, Outcome, SendFailure, Timings } from "../core/outcome.ts";
import { Deadlines, type Expiring } from "../egress/deadlines.ts";
import type { SendUnderWay } from "../egress/egress.ts";
import { roundedMs } from "../egress/rounded-ms.ts";
import { newId } from "../store/new-id.ts";
import { processTurns } from "../store/turns.ts";
import { answerOf } from "./answer-of.ts";
import { Arrivals } from "./arrivals.ts";
import type { InspectorDeps } from "./deps.ts";
import { keepArrivals } from "./keep-arrivals.ts";
import { readSettings } from "./settings.ts";
import { createSharedRead } from "./shared-read.ts";

/** A flood is written this often; a lone request at once. */
const WRITE_EVERY_MS = 250;

export type ReceivedRequest = {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/**
 * The built-in receiver: takes in this process what is sent to its host, and answers as chosen. `Subject` is what
 * callers name their requests by.
 */
export type Inspector<Subject = unknown> = {
  /** Rejects only when the database does not say what to answer. */
  readonly receive: (
    request: ReceivedRequest,
    subject?: Subject,
    onStage?: OnStage | null,
  ) => Promise<Outcome>;
  /** The requests nobody answers, the oldest first. The others are over as soon as they have come. */
  readonly underWay: () => Iterable<SendUnderWay<Subject>>;
  /** Drops what has come of a workspace and is not written yet. */
  readonly forget: (workspaceId: string) => void;
  /** Resolves when everything that has come is written. */
  readonly idle: () => Promise<void>;
  /** Keeps nobody waiting any more: requests that are not answered end as interrupted. */
  readonly stopWaiting: () => void;
  /** Writes what has come. */
  readonly close: () => Promise<void>;
};

/**
 * Answering costs one read of what was chosen. Checking signatures and writing are done a little later, and only for
 * the requests that will be shown. What a crash loses of them is a view: the attempt's own record is elsewhere.
 */
export function createInspector<Subject = unknown>(deps: InspectorDeps): Inspector<Subject> {
  const readChoice = createSharedRead((workspaceId) => readSettings(deps.db, workspaceId));
  const unanswered = new Deadlines<Unanswered<Subject>>(deps.deadlineMs);
  const rests = new Deadlines(WRITE_EVERY_MS);
  const arrivals = new Arrivals();
  let writing: Promise<void> | null = null;
  let isResting = false;
  let isStopping = false;

  const write = async (): Promise<void> => {
    for (const [workspaceId, arrived] of arrivals.take()) {
      await processTurns.next(workspaceId);
      await keepArrivals(deps, workspaceId, arrived).catch(deps.onError);
    }
  };

  const writeSoon = () => {
    if (writing !== null || isResting || arrivals.isEmpty) return;
    isResting = true;
    rests.start({
      expire: () => {
        isResting = false;
        writeSoon();
      },
    });
    writing = write().finally(() => {
      writing = null;
      writeSoon();
    });
  };

  const idle = async (): Promise<void> => {
    while (writing !== null || !arrivals.isEmpty) await (writing ?? write());
  };

  /** As a receiver that takes the request and says nothing. */
  const neverAnswer = (startedAt: number, subject: Subject | undefined, onStage: OnStage | null) =>
    new Promise<Outcome>((resolve) => {
      const one = new Unanswered(startedAt, subject, (outcome) => {
        unanswered.clear(one);
        resolve(outcome);
      });
      unanswered.start(one);
      if (onStage !== null) one.watch(onStage);
      if (isStopping) one.interrupt();
    });

  const stopWaiting = () => {
    isStopping = true;
    for (const one of unanswered.underWay()) one.interrupt();
  };

  return {
    receive: async ({ method, url, headers, body }, subject, onStage = null) => {
      const startedAt = performance.now();
      const arrivedAt = deps.now();
      const workspaceId = url.pathname.slice(1);
      const choice = await readChoice(workspaceId);
      arrivals.add(workspaceId, { id: newId(), method, headers, body, answer: choice.answer, arrivedAt });
      writeSoon();
      const response = answerOf(choice);
      if (response === null) return neverAnswer(startedAt, subject, onStage);
      return { kind: "response", response, timings: timingsSince(startedAt) };
    },
    underWay: () => unanswered.underWay(),
    forget: (workspaceId) => arrivals.forget(workspaceId),
    idle,
    stopWaiting,
    close: async () => {
      stopWaiting();
      rests.close();
      isResting = true;
      await idle();
      unanswered.close();
    },
  };
}

/** A request nobody answers, until its sender's time is over or the server stops. */
class Unanswered<Subject> implements Expiring, SendUnderWay<Subject> {
  readonly subject: Subject | undefined;
  readonly #startedAt: number;
  readonly #resolve: (outcome: Outcome) => void;
  #onStage: OnStage | null = null;

  constructor(startedAt: number, subject: Subject | undefined, resolve: (outcome: Outcome) => void) {
    this.#startedAt = startedAt;
    this.subject = subject;
    this.#resolve = resolve;
  }

  watch(onStage: OnStage): void {
    this.#onStage = onStage;
    onStage("first_byte", { ...timingsSince(this.#startedAt), first_byte: null });
  }

  expire(): void {
    this.#end({ code: "timeout", stage: "first_byte" });
  }

  interrupt(): void {
    this.#end({ code: "interrupted", stage: "first_byte" });
  }

  #end(failure: SendFailure): void {
    const timings = timingsSince(this.#startedAt);
    this.#onStage?.("done", timings);
    this.#resolve({ kind: "failure", failure, timings });
  }
}

/** There is no name to look up, no connection to open and nothing to write. */
function timingsSince(startedAt: number): Timings {
  const total = roundedMs(performance.now() - startedAt);
  return { dns: null, connect: null, tls: null, sent: null, first_byte: total, total };
}
