import { chooseProcess } from "../domain/rendezvous.ts";

/** Crashes that are remembered; after an older one, every connection has long been tried again. */
const ENDS_MAX = 8;

/**
 * The connections of crashed processes for which nothing has been recorded since. Their deliveries in flight are
 * unknown, so the new owner sends one request at a time.
 */
export class UncleanEnds {
  readonly #ends: { readonly members: readonly string[]; readonly died: ReadonlySet<string> }[] = [];
  readonly #recorded = new Set<string>();
  #isEverything = false;

  /** Called when some of the members that shared the connections have crashed. */
  add(members: readonly string[], died: readonly string[]): void {
    if (died.length === 0) return;
    this.#ends.push({ members, died: new Set(died) });
    if (this.#ends.length > ENDS_MAX) this.#ends.shift();
    this.#recorded.clear();
  }

  /** Called when the process that worked all connections has crashed. */
  addEverything(): void {
    this.#isEverything = true;
    this.#recorded.clear();
  }

  markRecorded(connectionId: string): void {
    this.#recorded.add(connectionId);
  }

  isInherited(connectionId: string): boolean {
    if (this.#recorded.has(connectionId)) return false;
    if (this.#isEverything) return true;
    return this.#ends.some(({ members, died }) => died.has(chooseProcess(members, connectionId) ?? ""));
  }
}
