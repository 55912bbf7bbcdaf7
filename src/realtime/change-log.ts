import { randomBytes } from "node:crypto";
import type { ChangeKind } from "../domain/note-change.ts";

/** An object that changed, and the place of its latest change in the log. */
export type Changed = { readonly kind: ChangeKind; readonly id: string; readonly sequence: number };

/** Anyone who stopped before the oldest of the objects kept has gaps. */
const OBJECTS_KEPT_MIN = 10_000;
const ENTRIES_MAX = 2 * OBJECTS_KEPT_MIN;

/**
 * What changed in a workspace since someone watches it, each object once, at its latest change. A position in it is
 * told as `<epoch>-<sequence>`; the epoch is another one in every process and after every time no one watched.
 */
export class ChangeLog {
  readonly epoch = randomBytes(6).toString("hex");
  sequence = 0;
  /** Positions before it have gaps. */
  #wholeFrom = 0;
  /** In order. An entry whose object has changed again since says nothing any more. */
  #entries: Changed[] = [];
  readonly #latest = new Map<string, Changed>();

  append(kind: ChangeKind, ids: readonly string[]): void {
    for (const id of ids) {
      const changed = { kind, id, sequence: ++this.sequence };
      this.#entries.push(changed);
      this.#latest.set(keyOf(kind, id), changed);
    }
    if (this.#entries.length > ENTRIES_MAX) this.#forgetOldest();
  }

  /** Changes may have been missed: every position so far has gaps. */
  lose(): void {
    this.#entries = [];
    this.#latest.clear();
    this.#wholeFrom = ++this.sequence;
  }

  /** What changed after a position; null when that has gaps or is more than `max`. */
  since(position: number, max: number, wants: (changed: Changed) => boolean): readonly Changed[] | null {
    if (position < this.#wholeFrom) return null;
    const newestFirst: Changed[] = [];
    for (let index = this.#entries.length - 1; index >= 0; index--) {
      const changed = this.#entries[index];
      if (changed === undefined || changed.sequence <= position) break;
      if (!this.#isLatest(changed) || !wants(changed)) continue;
      if (newestFirst.length === max) return null;
      newestFirst.push(changed);
    }
    return newestFirst.reverse();
  }

  tell(sequence: number): string {
    return `${this.epoch}-${sequence}`;
  }

  /** The position that was told so; null when it is not one of this log. */
  read(told: string): number | null {
    const [, epoch, digits] = /^([0-9a-f]+)-(\d{1,15})$/.exec(told) ?? [];
    const sequence = Number(digits);
    return epoch === this.epoch && sequence <= this.sequence ? sequence : null;
  }

  #isLatest(changed: Changed): boolean {
    return this.#latest.get(keyOf(changed.kind, changed.id)) === changed;
  }

  #forgetOldest(): void {
    const latest = this.#entries.filter((changed) => this.#isLatest(changed));
    const forgotten = latest.splice(0, Math.max(0, latest.length - OBJECTS_KEPT_MIN));
    for (const { kind, id } of forgotten) this.#latest.delete(keyOf(kind, id));
    this.#wholeFrom = forgotten.at(-1)?.sequence ?? this.#wholeFrom;
    this.#entries = latest;
  }
}

export function keyOf(kind: ChangeKind, id: string): string {
  return `${kind} ${id}`;
}
