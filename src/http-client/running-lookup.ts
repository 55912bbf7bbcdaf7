import type { Expiring } from "./deadlines.ts";
import type { Lookup, LookupRequester } from "./lookup.ts";

/** A running lookup with its callers. */
export class RunningLookup implements Expiring {
  readonly name: string;
  /** Whose slot it uses. */
  readonly requester: LookupRequester;
  readonly isProbe: boolean;
  readonly callers = new Set<Lookup>();
  readonly controller = new AbortController();
  readonly startedAt = performance.now();
  readonly #onExpire: (running: RunningLookup) => void;

  constructor({ name, requester }: Lookup, isProbe: boolean, onExpire: (running: RunningLookup) => void) {
    this.name = name;
    this.requester = requester;
    this.isProbe = isProbe;
    this.#onExpire = onExpire;
  }

  join(caller: Lookup): void {
    caller.isStarted = true;
    this.callers.add(caller);
  }

  expire(): void {
    this.#onExpire(this);
  }
}
