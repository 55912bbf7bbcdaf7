/** Members that wait for something, by their group: groups have their turns, and so have the members of each. */
export class Turns<Member> {
  readonly #groups = new Map<string, Set<Member>>();

  get size(): number {
    let size = 0;
    for (const members of this.#groups.values()) size += members.size;
    return size;
  }

  /** Puts a member at the end of its group; one that waits already keeps its place. */
  add(group: string, member: Member): void {
    const members = this.#groups.get(group);
    if (members === undefined) this.#groups.set(group, new Set([member]));
    else members.add(member);
  }

  /** Takes the next member of each group in turn, as long as there is one whose group may have a turn. */
  *take(mayHaveTurn: (group: string) => boolean): Generator<Member> {
    for (let found = true; found; ) {
      found = false;
      for (const [group, members] of [...this.#groups]) {
        if (!mayHaveTurn(group)) continue;
        const [member] = members;
        if (member === undefined) continue;
        found = true;
        members.delete(member);
        if (members.size === 0) this.#groups.delete(group);
        yield member;
      }
    }
  }

  /** Takes all members of a group. */
  takeGroup(group: string): readonly Member[] {
    const members = [...(this.#groups.get(group) ?? [])];
    this.#groups.delete(group);
    return members;
  }
}
