import type { Outcome, SendFailure } from "../core/outcome.ts";
import { Deadlines, type Expiring } from "../egress/deadlines.ts";
import { roundedMs } from "../egress/rounded-ms.ts";
import { newId } from "../store/new-id.ts";
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

/** The built-in receiver: takes in this process what is sent to its host, and answers as chosen. */
export type Inspector = {
  /** Rejects only when the database does not say what to answer. */
  readonly receive: (request: ReceivedRequest) => Promise<Outcome>;
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
export function createInspector(deps: InspectorDeps): Inspector {
  const readChoice = createSharedRead((workspaceId) => readSettings(deps.db, workspaceId));
  const deadlines = new Deadlines(deps.deadlineMs);
  const rests = new Deadlines(WRITE_EVERY_MS);
  const unanswered = new Set<Unanswered>();
  const arrivals = new Arrivals();
  let writing: Promise<void> | null = null;
  let isResting = false;
  let isStopping = false;

  const write = async (): Promise<void> => {
    for (const [workspaceId, arrived] of arrivals.take()) {
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
  const neverAnswer = (startedAt: number) =>
    new Promise<Outcome>((resolve) => {
      const one = new Unanswered((code) => {
        deadlines.clear(one);
        unanswered.delete(one);
        resolve(failed({ code, stage: "first_byte" }, startedAt));
      });
      unanswered.add(one);
      deadlines.start(one);
      if (isStopping) one.interrupt();
    });

  return {
    receive: async ({ method, url, headers, body }) => {
      const startedAt = performance.now();
      const arrivedAt = deps.now();
      const workspaceId = url.pathname.slice(1);
      const choice = await readChoice(workspaceId);
      arrivals.add(workspaceId, { id: newId(), method, headers, body, answer: choice.answer, arrivedAt });
      writeSoon();
      const response = answerOf(choice);
      if (response === null) return neverAnswer(startedAt);
      return { kind: "response", response, timings: timingsSince(startedAt) };
    },
    forget: (workspaceId) => arrivals.forget(workspaceId),
    idle,
    stopWaiting: () => {
      isStopping = true;
      for (const one of unanswered) one.interrupt();
    },
    close: async () => {
      isStopping = true;
      for (const one of unanswered) one.interrupt();
      rests.close();
      isResting = true;
      await idle();
      deadlines.close();
    },
  };
}

/** A request nobody answers, until its sender's time is over or the server stops. */
class Unanswered implements Expiring {
  readonly #end: (code: "timeout" | "interrupted") => void;

  constructor(end: (code: "timeout" | "interrupted") => void) {
    this.#end = end;
  }

  expire(): void {
    this.#end("timeout");
  }

  interrupt(): void {
    this.#end("interrupted");
  }
}

function failed(failure: SendFailure, startedAt: number): Outcome {
  return { kind: "failure", failure, timings: timingsSince(startedAt) };
}

/** There is no name to look up and no connection to open. */
function timingsSince(startedAt: number) {
  const total = roundedMs(performance.now() - startedAt);
  return { dns: null, connect: null, tls: null, first_byte: total, total };
}
