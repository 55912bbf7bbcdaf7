/**
 * What waits, by owner: taken in turn across owners, in order of arrival within one. Who has a thousand items waiting
 * delays another's first by one item.
 */
export class FairQueue<Item> {
  /** The owner whose turn is next comes first. */
  readonly #byOwner = new Map<string, Set<Item>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Puts an item at the end of its owner's; one that waits already keeps its place. */
  add(owner: string, item: Item): void {
    const own = this.#byOwner.get(owner) ?? new Set<Item>();
    const before = own.size;
    this.#size += own.add(item).size - before;
    this.#byOwner.set(owner, own);
  }

  remove(owner: string, item: Item): void {
    const own = this.#byOwner.get(owner);
    if (own?.delete(item) !== true) return;
    this.#size--;
    if (own.size === 0) this.#byOwner.delete(owner);
  }

  /** Takes the next item that may go now; null when none may. Looks at all that wait. */
  takeNext(mayGo: (item: Item) => boolean): Item | null {
    for (const [owner, own] of this.#byOwner) {
      for (const item of own) if (mayGo(item)) return this.#take(owner, own, item);
    }
    return null;
  }

  /** The same of the first item of each owner alone: where it may not go, its owner keeps the turn. */
  takeFirst(mayGo: (item: Item, owner: string) => boolean): Item | null {
    for (const [owner, own] of this.#byOwner) {
      for (const item of own) {
        if (mayGo(item, owner)) return this.#take(owner, own, item);
        break;
      }
    }
    return null;
  }

  /** Takes all items of an owner. */
  takeOwner(owner: string): readonly Item[] {
    const own = [...(this.#byOwner.get(owner) ?? [])];
    this.#byOwner.delete(owner);
    this.#size -= own.length;
    return own;
  }

  takeAll(): readonly Item[] {
    return [...this.#byOwner.keys()].flatMap((owner) => this.takeOwner(owner));
  }

  #take(owner: string, own: Set<Item>, item: Item): Item {
    own.delete(item);
    this.#byOwner.delete(owner);
    if (own.size > 0) this.#byOwner.set(owner, own);
    this.#size--;
    return item;
  }
}
