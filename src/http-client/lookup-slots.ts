/** Limits for concurrent lookups. */
export type LookupLimits = { readonly total: number; readonly perWorkspace: number };

type Taken = { lookups: number; probes: number };

/** A workspace may use this part of the free slots, so that one is left for a newcomer. */
const FREE_SHARE = 1 / 4;
/** Names that failed before may use this part of a workspace's slots, to leave some for other names. */
const PROBE_SHARE = 1 / 2;

/** Counts concurrent lookups by workspace. */
export class LookupSlots {
  readonly #limits: LookupLimits;
  readonly #byWorkspace = new Map<string, Taken>();
  #taken = 0;

  constructor(limits: LookupLimits) {
    this.#limits = limits;
  }

  /** Whether a workspace may start another lookup; a probe is a lookup of a name that failed before. */
  hasSlotFor(workspaceId: string, isProbe: boolean): boolean {
    const free = this.#limits.total - this.#taken;
    if (free === 0) return false;
    const mine = this.#byWorkspace.get(workspaceId);
    if (mine === undefined) return true;
    const slotsMax = Math.min(this.#limits.perWorkspace, Math.floor(free * FREE_SHARE));
    if (isProbe && mine.probes >= Math.floor(slotsMax * PROBE_SHARE)) return false;
    return mine.lookups < slotsMax;
  }

  take(workspaceId: string, isProbe: boolean): void {
    const mine = this.#byWorkspace.get(workspaceId) ?? { lookups: 0, probes: 0 };
    mine.lookups += 1;
    if (isProbe) mine.probes += 1;
    this.#byWorkspace.set(workspaceId, mine);
    this.#taken += 1;
  }

  free(workspaceId: string, isProbe: boolean): void {
    const mine = this.#byWorkspace.get(workspaceId);
    if (mine === undefined) return;
    mine.lookups -= 1;
    if (isProbe) mine.probes -= 1;
    if (mine.lookups === 0) this.#byWorkspace.delete(workspaceId);
    this.#taken -= 1;
  }
}
