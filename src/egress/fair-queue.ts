/** What waits, by workspace: taken in turn across workspaces, and in order of arrival within one. */
export class FairQueue<Item> {
  /** The workspace whose turn is next comes first. */
  readonly #byWorkspace = new Map<string, Set<Item>>();

  add(workspaceId: string, item: Item): void {
    const items = this.#byWorkspace.get(workspaceId);
    if (items === undefined) this.#byWorkspace.set(workspaceId, new Set([item]));
    else items.add(item);
  }

  remove(workspaceId: string, item: Item): void {
    const items = this.#byWorkspace.get(workspaceId);
    if (items?.delete(item) && items.size === 0) this.#byWorkspace.delete(workspaceId);
  }

  /** Takes the next item that may go now; null when none may. */
  takeNext(mayGo: (item: Item) => boolean): Item | null {
    for (const [workspaceId, items] of this.#byWorkspace) {
      for (const item of items) {
        if (!mayGo(item)) continue;
        items.delete(item);
        this.#byWorkspace.delete(workspaceId);
        if (items.size > 0) this.#byWorkspace.set(workspaceId, items);
        return item;
      }
    }
    return null;
  }
}
