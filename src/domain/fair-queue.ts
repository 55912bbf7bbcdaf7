/**
 * Waiting items by owner: taken in turn across owners, and in order of arrival within one. An owner with a thousand
 * items delays another owner's first item by one item.
 */
export class FairQueue<Item> {
  /** The owner whose turn is next comes first. */
  readonly #byOwner = new Map<string, Set<Item>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds an item after its owner's others; one that is already waiting keeps its place. */
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

  /** Takes the next item that `mayTake` allows; null when it allows none. Checks all waiting items. */
  takeNext(mayTake: (item: Item) => boolean): Item | null {
    for (const [owner, own] of this.#byOwner) {
      for (const item of own) if (mayTake(item)) return this.#take(owner, own, item);
    }
    return null;
  }

  /** Like `takeNext`, but checks only each owner's first item: an owner whose first item may not be taken keeps its turn. */
  takeFirst(mayTake: (item: Item, owner: string) => boolean): Item | null {
    for (const [owner, own] of this.#byOwner) {
      for (const item of own) {
        if (mayTake(item, owner)) return this.#take(owner, own, item);
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
