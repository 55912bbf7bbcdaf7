import type { Expiring } from "./deadlines.ts";
import type { Lookup, LookupAsker } from "./lookup.ts";

/** A running lookup with its callers. */
export class RunningLookup implements Expiring {
  readonly name: string;
  /** Whose slot it uses. */
  readonly asker: LookupAsker;
  readonly isProbe: boolean;
  readonly callers = new Set<Lookup>();
  readonly controller = new AbortController();
  readonly startedAt = performance.now();
  readonly #onExpire: (running: RunningLookup) => void;

  constructor({ name, asker }: Lookup, isProbe: boolean, onExpire: (running: RunningLookup) => void) {
    this.name = name;
    this.asker = asker;
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
