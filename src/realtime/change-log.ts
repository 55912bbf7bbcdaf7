import { randomBytes } from "node:crypto";
import type { ChangeKind } from "../domain/publish-change.ts";

/** An object that changed, and the position of its latest change in the log. */
export type Changed = { readonly kind: ChangeKind; readonly id: string; readonly sequence: number };

/** Positions before the oldest of the objects kept have gaps. */
const OBJECTS_MIN = 10_000;
const ENTRIES_MAX = 2 * OBJECTS_MIN;

/**
 * The objects that changed in a workspace since someone began to watch it, each once, at its latest change. A position
 * is written as `<epoch>-<sequence>`; the epoch is different in every process, and after every time without watchers.
 */
export class ChangeLog {
  readonly epoch = randomBytes(6).toString("hex");
  sequence = 0;
  /** Earlier positions have gaps. */
  #completeFrom = 0;
  /** In order. An entry is obsolete once its object has changed again. */
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

  /** Call when changes may have been missed: every position so far has gaps. */
  addGap(): void {
    this.#entries = [];
    this.#latest.clear();
    this.#completeFrom = ++this.sequence;
  }

  /** The changes after a position; null if it has gaps or there are more than `max`. */
  since(position: number, max: number, wants: (changed: Changed) => boolean): readonly Changed[] | null {
    if (position < this.#completeFrom) return null;
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

  idOf(sequence: number): string {
    return `${this.epoch}-${sequence}`;
  }

  /** Parses a position; null if it does not belong to this log. */
  read(id: string): number | null {
    const [, epoch, digits] = /^([0-9a-f]+)-(\d{1,15})$/.exec(id) ?? [];
    const sequence = Number(digits);
    return epoch === this.epoch && sequence <= this.sequence ? sequence : null;
  }

  #isLatest(changed: Changed): boolean {
    return this.#latest.get(keyOf(changed.kind, changed.id)) === changed;
  }

  #forgetOldest(): void {
    const latest = this.#entries.filter((changed) => this.#isLatest(changed));
    const forgotten = latest.splice(0, Math.max(0, latest.length - OBJECTS_MIN));
    for (const { kind, id } of forgotten) this.#latest.delete(keyOf(kind, id));
    this.#completeFrom = forgotten.at(-1)?.sequence ?? this.#completeFrom;
    this.#entries = latest;
  }
}

export function keyOf(kind: ChangeKind, id: string): string {
  return `${kind} ${id}`;
}
