import type { SendError } from "./send-error.ts";

type FailedName = { readonly error: SendError; readonly at: number };

/** So long a name that took long to fail is not looked up again. */
const PAUSE_MS = 5_000;
/** So long after its failure a lookup of the name counts as a probe. */
const SUSPECT_MS = 60_000;
const REMEMBERED_MAX = 2_000;

/** Names whose lookups took long and failed, as with a silent name server. */
export class FailedNames {
  readonly #pauseMs: number;
  /** The oldest failure first. */
  readonly #names = new Map<string, FailedName>();

  constructor(pauseMs = PAUSE_MS) {
    this.#pauseMs = pauseMs;
  }

  /** How the last lookup failed, while the name is not to be looked up again. */
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
