import { fairShare } from "./fair-share.ts";

export type SlotLimits = {
  readonly slotsMax: number;
  /** A party gets at most the free slots divided by this number. */
  readonly partOfFree: number;
  /** Limits on the waiting calls of one party, and of all parties. */
  readonly waitingMax: number;
  readonly waitingOfAllMax: number;
};

/** The waiting line that is full: the party's own, or that of all parties. */
export type NoSlot = "party" | "all";

/** Releases the slot; further calls do nothing. */
export type ReleaseSlot = () => void;

type Party = { inside: number; readonly waiting: ((release: ReleaseSlot) => void)[] };

/** A concurrency limit shared fairly by parties: calls beyond it wait, and parties are admitted in turn. */
export class FairSlots {
  readonly #limits: SlotLimits;
  /** In the order of their turns; parties with nothing inside and nothing waiting are removed. */
  readonly #parties = new Map<string, Party>();
  #inside = 0;
  #waiting = 0;

  constructor(limits: SlotLimits) {
    this.#limits = limits;
  }

  /** Resolves when the party gets a slot. */
  enter(name: string): Promise<ReleaseSlot> | NoSlot {
    const party = this.#parties.get(name) ?? { inside: 0, waiting: [] };
    if (party.waiting.length === 0 && this.#mayEnter(party)) {
      this.#parties.set(name, party);
      return Promise.resolve(this.#admit(name, party));
    }
    if (party.waiting.length >= this.#limits.waitingMax) return "party";
    if (this.#waiting >= this.#limits.waitingOfAllMax) return "all";
    this.#parties.set(name, party);
    this.#waiting++;
    return new Promise((resolve) => party.waiting.push(resolve));
  }

  #mayEnter({ inside }: Party): boolean {
    const { slotsMax, partOfFree } = this.#limits;
    return inside < fairShare(slotsMax - this.#inside, partOfFree);
  }

  #admit(name: string, party: Party): ReleaseSlot {
    party.inside++;
    this.#inside++;
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      party.inside--;
      this.#inside--;
      // A party that had a slot goes behind those that had none.
      this.#parties.delete(name);
      if (party.inside > 0 || party.waiting.length > 0) this.#parties.set(name, party);
      this.#admitWaiting();
    };
  }

  #admitWaiting(): void {
    for (const [name, party] of this.#parties) {
      if (this.#waiting === 0 || this.#inside >= this.#limits.slotsMax) return;
      if (party.waiting.length === 0 || !this.#mayEnter(party)) continue;
      const enter = party.waiting.shift();
      this.#waiting--;
      // The party goes to the end of the line again, so this loop reaches it once more after all others.
      this.#parties.delete(name);
      this.#parties.set(name, party);
      enter?.(this.#admit(name, party));
    }
  }
}
