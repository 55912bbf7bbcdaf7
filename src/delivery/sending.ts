import { FairQueue } from "../core/fair-queue.ts";
import { Capacity } from "./capacity.ts";
import type { Claim, ClaimedDelivery, ClaimWish, RoomFor } from "./claim.ts";
import { leaseEnd } from "./claim.ts";
import { deliver } from "./deliver.ts";
import type { DeliveryDeps } from "./deps.ts";
import { type Handover, Reservations } from "./handover.ts";
import type { Recorded, Recorder } from "./record.ts";
import { returnLeases } from "./return-leases.ts";
import { type Share, Shares } from "./share.ts";

/** Of those that wait for a place, so many that get none are looked at a time. */
const CROWDED_OUT_LOOKS_MAX = 8;

/** What this process has under lease, and what of it is being sent. */
export type Sending = {
  /** How much more of a connection's queue to lease; null for nothing at the moment. */
  readonly wishOf: (connectionId: string) => ClaimWish | null;
  /** `isStale` for a connection that was changed while the claim was under way. */
  readonly takeIn: (claim: Claim, isStale: boolean) => void;
  readonly handover: Handover;
  /** Something is due of this connection that is not held here. */
  readonly noteMore: (connectionId: string) => void;
  /** Connections may have come from other processes, which may still be sending. */
  readonly noteOtherProcesses: () => void;
  /** Hands back what waits of a connection that was changed: it would leave as the connection stood before. */
  readonly recall: (connectionId: string) => void;
  /** Sends on after a time in which nothing might be started. */
  readonly resume: () => void;
  readonly roomFor: RoomFor;
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
  /** Whether requests may be started: not while others may take this process for gone. */
  readonly mayStart: () => boolean;
  /** Whether the worker runs by itself, and so may be handed what is accepted. */
  readonly isStarted: () => boolean;
  /** Told after a commit that changed more of a workspace than can be named. */
  readonly noteManyChanges: (workspaceId: string) => void;
  readonly onError: (error: unknown, doing: string) => void;
};

/**
 * Sends what was leased. Each connection has a share, from which as many are sent concurrently as it may have. Reservations and
 * memory of the process are shared out among workspaces, and no connection and no workspace can take the last of either.
 */
export function createSending(deps: SendingDeps, recorder: Recorder): Sending {
  const shares = new Shares();
  const capacity = new Capacity();
  /** Shares with something to send for which there was no place, by workspace. */
  const crowdedOut = new FairQueue<Share>();
  /** Connections of which no more is taken in until their workspace has room. */
  const withoutRoom = new FairQueue<string>();
  const running = new Set<Promise<void>>();
  let isStopping = false;

  const track = (work: Promise<void>) => {
    const one: Promise<void> = work.finally(() => running.delete(one));
    running.add(one);
  };

  const run = async (share: Share, claimed: ClaimedDelivery): Promise<void> => {
    const { workspaceId } = claimed.connection;
    let isAnswered = false;
    const onAnswered = (isAwaited: boolean) => {
      isAnswered = true;
      capacity.end(workspaceId);
      share.inFlight--;
      share.recording++;
      share.noteAnswer();
      // With strict order, and after a fault, the next one waits until it is on disk what follows from this one.
      if (claimed.connection.isOrdered || isAwaited) share.awaited.add(claimed);
      pump(share);
    };
    try {
      onRecorded(share, await deliver(deps, recorder, claimed, onAnswered));
    } catch (error) {
      // The database did not take the attempt as long as the lease was valid: the sweep returns the delivery.
      deps.onError(error, "deliver");
    }
    if (!isAnswered) onAnswered(true);
    share.recording--;
    share.awaited.delete(claimed);
    letGo(workspaceId, [claimed]);
    pump(share);
    settle(share);
  };

  /** Payload of a connection that is no longer held makes room for more of its workspace. */
  const letGo = (workspaceId: string, deliveries: readonly ClaimedDelivery[]) => {
    for (const { payloadBytes } of deliveries) capacity.release(workspaceId, payloadBytes);
    if (capacity.freeBytes(workspaceId) <= 0) return;
    for (const connectionId of withoutRoom.takeOwner(workspaceId)) deps.onRoom(connectionId);
  };

  const onRecorded = (share: Share, { next, connection }: Recorded) => {
    const probeAt = connection?.probeAt ?? null;
    for (const at of [next.nextAttemptAt, next.holdsUntil, probeAt]) {
      if (at !== null) deps.onDueAt(share.connectionId, at);
    }
    // While the breaker was half-open, the queue behind the probe was not asked for.
    if (connection?.transition === "recovered") share.mayHaveMore = true;
    if (next.holdsUntil !== null || probeAt !== null) share.isCaughtUp = false;
    const isBroken = connection !== null && connection.probeAt !== null;
    const isOff = connection !== null && connection.status !== "connected";
    if (isOff) share.isCaughtUp = false;
    if (next.holdsUntil !== null || isBroken || isOff) giveBack(share, share.waiting.splice(0));
  };

  /** Sends what waits, as far as there are places. */
  const pump = (share: Share) => {
    if (share.waiting.length === 0 || isStopping || !deps.mayStart()) return;
    while (share.waiting.length > 0) {
      const [next] = share.waiting;
      if (next === undefined || share.awaited.size > 0 || share.inFlight >= share.concurrency) break;
      const { workspaceId } = next.connection;
      if (!capacity.mayStart(workspaceId, share.inFlight)) {
        crowdedOut.add(workspaceId, share);
        break;
      }
      share.waiting.shift();
      // Not enough is left of its lease to wait for a response: another may have it by then.
      if (deps.now() + deps.deadlineMs > next.leaseExpiresAt) {
        giveBack(share, [next, ...share.waiting.splice(0)]);
        break;
      }
      capacity.start(workspaceId);
      share.inFlight++;
      track(run(share, next));
    }
  };

  /** Gives places that became free to those who wait for one, by workspaces in turn; each that gets none waits on. */
  const pumpCrowdedOut = () => {
    let looks = CROWDED_OUT_LOOKS_MAX;
    const hasPlace = (_share: Share, workspaceId: string) => capacity.freePlaces(workspaceId) > 0;
    while (looks > 0) {
      const other = crowdedOut.takeFirst(hasPlace);
      if (other === null) break;
      const before = capacity.inFlight;
      pump(other);
      if (capacity.inFlight === before) looks--;
    }
  };

  /** After something ended: others may have its place, and there may be more in this queue. */
  const settle = (share: Share) => {
    pumpCrowdedOut();
    if (share.mayHaveMore && share.wanted > 0) deps.onRoom(share.connectionId);
    else deps.onRoom(null);
    if (share.isEmpty && !share.mayHaveMore) shares.rest(share);
  };

  const giveBack = (share: Share, deliveries: readonly ClaimedDelivery[]) => {
    const [first] = deliveries;
    if (first === undefined) return;
    letGo(first.connection.workspaceId, deliveries);
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

  const handover = new Reservations({
    shares,
    capacity,
    lease: { holder: deps.workerId, endsAt: (now) => leaseEnd(deps, now) },
    mayReserve: () => !isStopping && deps.isStarted() && deps.mayStart(),
    settle,
    giveBack,
    pump,
    // Whoever sent the events is answered first.
    later: (work) => track(new Promise((resolve) => setImmediate(resolve)).then(work)),
  });

  return {
    wishOf: (connectionId) => {
      const share = shares.of(connectionId);
      pump(share);
      const { wanted, held, connection } = share;
      const hasRoom = connection === null || capacity.freeBytes(connection.workspaceId) > 0;
      if (!hasRoom) withoutRoom.add(connection.workspaceId, connectionId);
      if (wanted > 0 && hasRoom) return { connectionId, wanted, held };
      // It has enough for now; what woke it is looked for when that is done.
      share.mayHaveMore = true;
      return null;
    },
    takeIn: ({ connectionId, connection, deliveries, mayHaveMore, isCaughtUp }, isStale) => {
      // It may have come to its end, and been forgotten, while the claim was under way.
      const share = shares.of(connectionId);
      share.noteClaim(connection, mayHaveMore, performance.now());
      share.isCaughtUp = isCaughtUp && !isStale;
      for (const claimed of deliveries) {
        capacity.hold(connection.workspaceId, claimed.payloadBytes);
        share.waiting.push(claimed);
      }
      if (isStopping || isStale) giveBack(share, share.waiting.splice(0));
      pump(share);
      settle(share);
    },
    recall: (connectionId) => {
      const share = shares.get(connectionId);
      if (share === undefined) return;
      share.recalls++;
      giveBack(share, share.waiting.splice(0));
    },
    noteMore: (connectionId) => {
      const share = shares.get(connectionId);
      if (share !== undefined) share.isCaughtUp = false;
    },
    noteOtherProcesses: () => {
      for (const share of shares) share.isCaughtUp = false;
    },
    handover,
    resume: () => {
      for (const share of shares) pump(share);
    },
    roomFor: (workspaceId) => capacity.freeBytes(workspaceId),
    inFlight: () => capacity.inFlight,
    isIdle: () => running.size === 0,
    settled: () => Promise.race(running),
    stop: () => {
      isStopping = true;
    },
  };
}
