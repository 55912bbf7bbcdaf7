import type { Claim, ClaimedDelivery, ClaimWish } from "./claim.ts";
import { deliver } from "./deliver.ts";
import type { DeliveryDeps } from "./deps.ts";
import type { Recorded, Recorder } from "./record.ts";
import { returnLeases } from "./return-leases.ts";
import { Share } from "./share.ts";

/** Requests under way at once in this process. */
const IN_FLIGHT_MAX = 1024;
/** A connection may have this part of the places that are still free: however many hang, one is left for a newcomer. */
const PART_OF_FREE = 8;
/** Of those that wait for a place, so many that get none are looked at a time. */
const CROWDED_OUT_LOOKS_MAX = 8;
/** Payload held in memory. */
const HELD_BYTES_MAX = 32 * 1024 * 1024;

/** What this process has under lease, and what of it is being sent. */
export type Sending = {
  /** How much more of a connection's queue to lease; null for nothing at the moment. */
  readonly wishOf: (connectionId: string) => ClaimWish | null;
  /** `isStale` for a connection that was changed while the claim was under way. */
  readonly takeIn: (claim: Claim, isStale: boolean) => void;
  /** Hands back what waits of a connection that was changed: it would leave as the connection stood before. */
  readonly recall: (connectionId: string) => void;
  /** Bytes of payload that may still be taken in. */
  readonly roomBytes: () => number;
  readonly inFlight: () => number;
  readonly isIdle: () => boolean;
  /** Resolves when some of what was under way has ended. */
  readonly settled: () => Promise<unknown>;
  /** Begins nothing more. */
  readonly stop: () => void;
};

type SendingDeps = DeliveryDeps & {
  /** There may be more in this connection's queue, and there is room for it. */
  readonly onRoom: (connectionId: string | null) => void;
  /** Something of this connection is due then, epoch milliseconds. */
  readonly onDueAt: (connectionId: string, at: number) => void;
  /** Told after a commit that changed more of a workspace than can be named. */
  readonly noteManyChanges: (workspaceId: string) => void;
  readonly onError: (error: unknown, doing: string) => void;
};

/**
 * Sends what was leased. Each connection has a share, from which as many are sent at once as it may have; the process as
 * a whole has a number of places, of which no connection can take the last.
 */
export function createSending(deps: SendingDeps, recorder: Recorder): Sending {
  const shares = new Map<string, Share>();
  /** Shares with something to send for which there was no place. */
  const crowdedOut = new Set<Share>();
  const running = new Set<Promise<void>>();
  let inFlight = 0;
  let heldBytes = 0;
  let isStopping = false;

  const shareOf = (connectionId: string): Share => {
    const known = shares.get(connectionId);
    if (known !== undefined) return known;
    const share = new Share(connectionId);
    shares.set(connectionId, share);
    return share;
  };

  const track = (work: Promise<void>) => {
    const one: Promise<void> = work.finally(() => running.delete(one));
    running.add(one);
  };

  const run = async (share: Share, claimed: ClaimedDelivery): Promise<void> => {
    let isAnswered = false;
    const onAnswered = (isSuccessful: boolean) => {
      isAnswered = true;
      inFlight--;
      share.inFlight--;
      share.recording++;
      share.noteAnswer();
      // With strict order, and after a failure, the next one waits until it is on disk what follows from this one.
      if (claimed.connection.isOrdered || !isSuccessful) share.awaited.add(claimed);
      pump(share);
    };
    try {
      onRecorded(share, await deliver(deps, recorder, claimed, onAnswered));
    } catch (error) {
      // Its lease runs out, and the sweep returns it.
      deps.onError(error, "deliver");
    }
    if (!isAnswered) onAnswered(false);
    share.recording--;
    share.awaited.delete(claimed);
    heldBytes -= claimed.event.dataJson.length;
    pump(share);
    settle(share);
  };

  const onRecorded = (share: Share, { next, connection }: Recorded) => {
    const probeAt = connection?.probeAt ?? null;
    for (const at of [next.nextAttemptAt, next.holdsUntil, probeAt]) {
      if (at !== null) deps.onDueAt(share.connectionId, at);
    }
    const isFailing = connection !== null && connection.health === "unhealthy";
    const isOff = connection !== null && connection.status !== "connected";
    if (next.holdsUntil !== null || isFailing || isOff) giveBack(share, share.waiting.splice(0));
  };

  /** Sends what waits, as far as there are places. */
  const pump = (share: Share) => {
    while (share.waiting.length > 0 && !isStopping) {
      const free = IN_FLIGHT_MAX - inFlight;
      const places = Math.min(share.concurrency, Math.max(1, Math.floor(free / PART_OF_FREE)));
      const waitsForRecord = share.awaited.size > 0;
      if (free <= 0 || share.inFlight >= places || waitsForRecord) {
        if (share.inFlight < share.concurrency && !waitsForRecord) crowdedOut.add(share);
        break;
      }
      const claimed = share.waiting.shift();
      if (claimed === undefined) break;
      // Not enough is left of its lease to wait for an answer: another may have it by then.
      if (deps.now() + deps.deadlineMs > claimed.leaseExpiresAt) {
        giveBack(share, [claimed, ...share.waiting.splice(0)]);
        break;
      }
      inFlight++;
      share.inFlight++;
      track(run(share, claimed));
    }
  };

  /** Gives places that became free to those who wait for one, in turn; each that gets none goes to the end. */
  const pumpCrowdedOut = () => {
    let looks = CROWDED_OUT_LOOKS_MAX;
    for (const other of crowdedOut.values().take(crowdedOut.size)) {
      if (inFlight >= IN_FLIGHT_MAX || looks === 0) break;
      const before = inFlight;
      crowdedOut.delete(other);
      pump(other);
      if (inFlight === before) looks--;
    }
  };

  /** After something ended: others may have its place, and there may be more in this queue. */
  const settle = (share: Share) => {
    pumpCrowdedOut();
    if (share.mayHaveMore && share.wanted > 0) deps.onRoom(share.connectionId);
    else deps.onRoom(null);
    if (share.isEmpty && !share.mayHaveMore) shares.delete(share.connectionId);
  };

  const giveBack = (share: Share, deliveries: readonly ClaimedDelivery[]) => {
    const [first] = deliveries;
    if (first === undefined) return;
    for (const { event } of deliveries) heldBytes -= event.dataJson.length;
    share.mayHaveMore = true;
    const ids = deliveries.map(({ id }) => id);
    const { workspaceId } = first.connection;
    track(
      returnLeases(deps, share.connectionId, ids, deps.now())
        .then((isCancelled) => {
          if (isCancelled) deps.noteManyChanges(workspaceId);
        })
        .catch((error: unknown) => deps.onError(error, "return leases"))
        .finally(() => deps.onRoom(share.connectionId)),
    );
  };

  return {
    wishOf: (connectionId) => {
      const share = shareOf(connectionId);
      pump(share);
      const { wanted, held } = share;
      // It has enough for now; what woke it is looked for when that is done.
      if (wanted === 0) share.mayHaveMore = true;
      return wanted === 0 ? null : { connectionId, wanted, held };
    },
    takeIn: ({ connectionId, connection, deliveries, mayHaveMore }, isStale) => {
      // It may have come to its end, and been forgotten, while the claim was under way.
      const share = shareOf(connectionId);
      share.noteClaim(connection, mayHaveMore, performance.now());
      for (const claimed of deliveries) {
        heldBytes += claimed.event.dataJson.length;
        share.waiting.push(claimed);
      }
      if (isStopping || isStale) giveBack(share, share.waiting.splice(0));
      pump(share);
      settle(share);
    },
    recall: (connectionId) => {
      const share = shares.get(connectionId);
      if (share !== undefined) giveBack(share, share.waiting.splice(0));
    },
    roomBytes: () => HELD_BYTES_MAX - heldBytes,
    inFlight: () => inFlight,
    isIdle: () => running.size === 0,
    settled: () => Promise.race(running),
    stop: () => {
      isStopping = true;
    },
  };
}
