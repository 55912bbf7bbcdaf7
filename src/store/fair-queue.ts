/** A queue whose owners take turns: who has a thousand items waiting delays another's first by one item. */
export class FairQueue<Item> {
  readonly #ownerOf: (item: Item) => string;
  /** Each owner's items in order; the owner whose turn it is comes first. */
  readonly #byOwner = new Map<string, Item[]>();
  #size = 0;

  constructor(ownerOf: (item: Item) => string) {
    this.#ownerOf = ownerOf;
  }

  get size(): number {
    return this.#size;
  }

  push(item: Item): void {
    const owner = this.#ownerOf(item);
    const own = this.#byOwner.get(owner);
    if (own === undefined) this.#byOwner.set(owner, [item]);
    else own.push(item);
    this.#size++;
  }

  /** Takes the first item, by the owners' turns, that fits; an owner whose first item does not fit keeps its turn. */
  take(fits: (item: Item) => boolean): Item | undefined {
    for (const [owner, own] of this.#byOwner) {
      const [first] = own;
      if (first === undefined || !fits(first)) continue;
      own.shift();
      this.#byOwner.delete(owner);
      if (own.length > 0) this.#byOwner.set(owner, own);
      this.#size--;
      return first;
    }
    return undefined;
  }

  takeAll(): Item[] {
    const all = [...this.#byOwner.values()].flat();
    this.#byOwner.clear();
    this.#size = 0;
    return all;
  }
}
