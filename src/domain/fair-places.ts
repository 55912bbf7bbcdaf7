import { fairShare } from "./fair-share.ts";

export type PlaceLimits = {
  readonly placesMax: number;
  /** A party may have this part of the places that are free. */
  readonly partOfFree: number;
  /** Of one party, and of all. */
  readonly waitingMax: number;
  readonly waitingOfAllMax: number;
};

/** Why there is no place: the party's own line is full, or everyone's is. */
export type NoPlace = "party" | "all";

/** Ends one stay; further calls do nothing. */
export type Leave = () => void;

type Party = { inside: number; readonly waiting: ((leave: Leave) => void)[] };

/** Places for work of many parties. Who finds none waits; parties come in by turns. */
export class FairPlaces {
  readonly #limits: PlaceLimits;
  /** In the order of their turns; those with nothing inside and nothing waiting are not kept. */
  readonly #parties = new Map<string, Party>();
  #inside = 0;
  #waiting = 0;

  constructor(limits: PlaceLimits) {
    this.#limits = limits;
  }

  /** Resolves when the party has a place. */
  enter(name: string): Promise<Leave> | NoPlace {
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
    const { placesMax, partOfFree } = this.#limits;
    return inside < fairShare(placesMax - this.#inside, partOfFree);
  }

  #admit(name: string, party: Party): Leave {
    party.inside++;
    this.#inside++;
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      party.inside--;
      this.#inside--;
      // Anyone who had a place comes after those who had none.
      this.#parties.delete(name);
      if (party.inside > 0 || party.waiting.length > 0) this.#parties.set(name, party);
      this.#admitWaiting();
    };
  }

  #admitWaiting(): void {
    for (const [name, party] of this.#parties) {
      if (this.#waiting === 0 || this.#inside >= this.#limits.placesMax) return;
      if (party.waiting.length === 0 || !this.#mayEnter(party)) continue;
      const enter = party.waiting.shift();
      this.#waiting--;
      // At the end of the line again; this loop then comes to it once more, after all others.
      this.#parties.delete(name);
      this.#parties.set(name, party);
      enter?.(this.#admit(name, party));
    }
  }
}
