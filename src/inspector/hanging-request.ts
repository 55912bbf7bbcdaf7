import type { OnStage, Outcome, SendFailure, Timings } from "../domain/outcome.ts";
import type { Expiring } from "../http-client/deadlines.ts";
import type { SendUnderWay } from "../http-client/egress.ts";
import { roundedMs } from "../http-client/rounded-ms.ts";

/** A request that gets no response until its sender times out or the server stops. */
export class HangingRequest<Subject> implements Expiring, SendUnderWay<Subject> {
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

/** The timings of a request with no DNS lookup, no connection to open and nothing to write. */
export function timingsSince(startedAt: number): Timings {
  const total = roundedMs(performance.now() - startedAt);
  return { dns: null, connect: null, tls: null, sent: null, first_byte: total, total };
}
