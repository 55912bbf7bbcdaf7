import type { SendError } from "./send-error.ts";

type FailedName = { readonly error: SendError; readonly at: number };

/** A name whose lookup was slow to fail is not looked up again for this long. */
const PAUSE_MS = 5_000;
/** For this long after a failure, a lookup of the name counts as a probe. */
const SUSPECT_MS = 60_000;
const REMEMBERED_MAX = 2_000;

/** Names whose lookups failed slowly, as with a name server that does not respond. */
export class FailedNames {
  readonly #pauseMs: number;
  /** Oldest failure first. */
  readonly #names = new Map<string, FailedName>();

  constructor(pauseMs = PAUSE_MS) {
    this.#pauseMs = pauseMs;
  }

  /** The last failure of the name, if it must not be looked up again yet. */
  pausedBy(name: string): SendError | null {
    const failed = this.#names.get(name);
    return failed !== undefined && performance.now() < failed.at + this.#pauseMs ? failed.error : null;
  }

  isSuspect(name: string): boolean {
    const failed = this.#names.get(name);
    return failed !== undefined && performance.now() < failed.at + SUSPECT_MS;
  }

  remember(name: string, error: SendError): void {
    this.#names.delete(name);
    this.#names.set(name, { error, at: performance.now() });
    const oldest = this.#names.keys().next();
    if (this.#names.size > REMEMBERED_MAX && !oldest.done) this.#names.delete(oldest.value);
  }

  forget(name: string): void {
    this.#names.delete(name);
  }
}
