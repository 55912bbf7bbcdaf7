import { chooseProcess } from "../domain/rendezvous.ts";

/** Ends that are remembered; of an older one every connection has long been tried. */
const ENDS_MAX = 8;

/**
 * The connections of processes that ended without a word, of which nothing has been recorded since: what was under way is not
 * known, so they are taken up with one request at a time.
 */
export class UncleanEnds {
  readonly #ends: { readonly members: readonly string[]; readonly died: ReadonlySet<string> }[] = [];
  readonly #recorded = new Set<string>();
  #isEverything = false;

  /** One or more of the members, who shared the connections out among them, have ended. */
  note(members: readonly string[], died: readonly string[]): void {
    if (died.length === 0) return;
    this.#ends.push({ members, died: new Set(died) });
    if (this.#ends.length > ENDS_MAX) this.#ends.shift();
    this.#recorded.clear();
  }

  /** The process that worked all connections has ended. */
  noteEverything(): void {
    this.#isEverything = true;
    this.#recorded.clear();
  }

  noteRecorded(connectionId: string): void {
    this.#recorded.add(connectionId);
  }

  isInherited(connectionId: string): boolean {
    if (this.#recorded.has(connectionId)) return false;
    if (this.#isEverything) return true;
    return this.#ends.some(({ members, died }) => died.has(chooseProcess(members, connectionId) ?? ""));
  }
}
