import { createAlarms } from "./alarms.ts";
import { type Claim, type ClaimedDelivery, type ClaimWish, claimDue } from "./claim.ts";
import { deliver } from "./deliver.ts";
import type { DeliveryDeps } from "./deps.ts";
import { readDueConnections } from "./due-connections.ts";
import { BEAT_EVERY_MS, type Peers } from "./peers.ts";
import type { Recorded, Recorder } from "./record.ts";
import { returnAllLeases, returnLeases } from "./return-leases.ts";
import { Share } from "./share.ts";
import { sweepLeases } from "./sweep.ts";

/** Requests under way at once in this process. */
const IN_FLIGHT_MAX = 1024;
/** A connection may have this part of the places that are still free: however many hang, one is left for a newcomer. */
const PART_OF_FREE = 8;
/** Connections claimed from in one turn; the others come next. */
const CONNECTIONS_A_TURN_MAX = 64;
/** Payload held in memory. */
const HELD_BYTES_MAX = 32 * 1024 * 1024;
/** Wake-ups are hints; the poll is the truth. It looks at so many queues a time, and goes on there the next time. */
const POLL_EVERY_MS = 500;
const QUEUES_A_POLL_MAX = 1000;
const SWEEP_EVERY_MS = 5000;
const FLUSH_EVERY_MS = 1000;
/** A queue that another process still holds is looked at again after. */
const HANDOVER_MS = 100;

export type Worker = {
  readonly start: () => Promise<void>;
  /** These connections have something due now. */
  readonly wake: (connectionIds: readonly string[]) => void;
  /** Looks for due work once and waits until what was claimed is recorded: for tests that step the clock. */
  readonly tick: () => Promise<void>;
  /** Claims no more, finishes what is in flight, hands back the rest. */
  readonly stop: () => Promise<void>;
  readonly inFlight: () => number;
};

type WorkerDeps = DeliveryDeps & {
  readonly peers: Peers;
  /** Tells other processes of connections that have something due and are theirs. */
  readonly tellPeers: (connectionIds: readonly string[]) => void;
  /** More to do once a second while this process works, such as moving replays on. */
  readonly everySecond: () => Promise<void>;
  readonly onError: (error: unknown, doing: string) => void;
};

/**
 * Sends what is due. Connections with due work stand in line; a turn takes the first of them, leases a part of each
 * queue in one transaction, and the next turn takes the next, so that no backlog, however long, makes another
 * connection wait for more than a turn. Each connection has a share of its own here, from which as many are sent at once
 * as it may have.
 */
export function createWorker(deps: WorkerDeps, recorder: Recorder): Worker {
  const { peers } = deps;
  /** Connections that may have due work, in the order in which they come. */
  const line = new Set<string>();
  const shares = new Map<string, Share>();
  /** Shares with something to send for which there was no place. */
  const crowdedOut = new Set<Share>();
  const running = new Set<Promise<void>>();
  const timers: NodeJS.Timeout[] = [];
  let inFlight = 0;
  let heldBytes = 0;
  let pollFrom: string | null = null;
  let turning: Promise<void> | null = null;
  let isStopping = false;

  const onError = (doing: string) => (error: unknown) => deps.onError(error, doing);

  const run = async (share: Share, claimed: ClaimedDelivery): Promise<void> => {
    let isAnswered = false;
    const onAnswered = () => {
      isAnswered = true;
      inFlight--;
      share.inFlight--;
      share.recording++;
      share.noteAnswer();
      // With strict order the next one waits until it is on disk what became of this one.
      if (!claimed.connection.isOrdered) pump(share);
    };
    try {
      const recorded = await deliver(deps, recorder, claimed, onAnswered);
      onRecorded(share, recorded);
    } catch (error) {
      // Its lease runs out, and the sweep returns it.
      deps.onError(error, "deliver");
    }
    if (!isAnswered) onAnswered();
    share.recording--;
    heldBytes -= claimed.event.dataJson.length;
    pump(share);
    settle(share);
  };

  const onRecorded = (share: Share, { next, connection }: Recorded) => {
    const { connectionId } = share;
    if (next.status === "pending" && next.nextAttemptAt !== null)
      alarms.set(connectionId, next.nextAttemptAt);
    if (next.holdsUntil !== null) alarms.set(connectionId, next.holdsUntil);
    if (connection?.probeAt !== undefined && connection.probeAt !== null)
      alarms.set(connectionId, connection.probeAt);
    const isHeldBack =
      next.holdsUntil !== null || (connection !== null && !isSendable(connection.status, connection.health));
    if (isHeldBack) giveBack(share, share.waiting.splice(0));
  };

  /** Sends what waits, as far as there are places. */
  const pump = (share: Share) => {
    while (share.waiting.length > 0 && !isStopping) {
      const free = IN_FLIGHT_MAX - inFlight;
      const places = Math.min(share.concurrency, Math.max(1, Math.floor(free / PART_OF_FREE)));
      const isBusy = share.connection?.isOrdered === true && share.recording > 0;
      if (free <= 0 || share.inFlight >= places || isBusy) {
        if (share.inFlight < share.concurrency && !isBusy) crowdedOut.add(share);
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
      const one: Promise<void> = run(share, claimed).finally(() => running.delete(one));
      running.add(one);
    }
  };

  /** After something ended: others may have its place, and there may be more in this queue. */
  const settle = (share: Share) => {
    for (const other of crowdedOut) {
      if (inFlight >= IN_FLIGHT_MAX) break;
      crowdedOut.delete(other);
      pump(other);
    }
    if (line.size > 0) takeTurns();
    if (share.mayHaveMore && share.wanted > 0) wake([share.connectionId]);
    else if (share.isEmpty && !share.mayHaveMore) shares.delete(share.connectionId);
  };

  const giveBack = (share: Share, deliveries: readonly ClaimedDelivery[]) => {
    if (deliveries.length === 0) return;
    for (const { event } of deliveries) heldBytes -= event.dataJson.length;
    share.mayHaveMore = true;
    const ids = deliveries.map(({ id }) => id);
    const one: Promise<void> = returnLeases(deps, ids, deps.now())
      .catch(onError("return leases"))
      .finally(() => {
        running.delete(one);
        wake([share.connectionId]);
      });
    running.add(one);
  };

  const turn = async (): Promise<void> => {
    while (!isStopping && line.size > 0 && heldBytes < HELD_BYTES_MAX) {
      const first = [...line.values().take(CONNECTIONS_A_TURN_MAX)];
      for (const connectionId of first) line.delete(connectionId);
      const wishes = first.flatMap(wishOf);
      if (wishes.length === 0) continue;
      const startedAt = performance.now();
      const now = deps.now();
      const claims = await deps.transact((trx) =>
        claimDue(deps, trx, wishes, HELD_BYTES_MAX - heldBytes, now),
      );
      const rows = claims.reduce((sum, { deliveries }) => sum + deliveries.length, 0);
      deps.observer.committed("claim", rows, performance.now() - startedAt);
      for (const claim of claims) takeIn(claim, now);
    }
  };

  const shareOf = (connectionId: string): Share => {
    const known = shares.get(connectionId);
    if (known !== undefined) return known;
    const share = new Share(connectionId);
    shares.set(connectionId, share);
    return share;
  };

  const wishOf = (connectionId: string): ClaimWish[] => {
    if (!peers.owns(connectionId)) return [];
    const share = shareOf(connectionId);
    const { wanted, held } = share;
    // It has enough for now; what woke it is looked for when that is done.
    if (wanted === 0) share.mayHaveMore = true;
    return wanted === 0 ? [] : [{ connectionId, wanted, held }];
  };

  const takeIn = ({ connectionId, connection, deliveries, mayHaveMore, lookAgainAt }: Claim, now: number) => {
    // It may have come to its end, and been forgotten, while the claim was under way.
    const share = shareOf(connectionId);
    share.noteClaim(connection, mayHaveMore, performance.now());
    for (const claimed of deliveries) {
      heldBytes += claimed.event.dataJson.length;
      share.waiting.push(claimed);
    }
    if (lookAgainAt !== null) alarms.set(connectionId, lookAgainAt);
    else if (deliveries.length === 0 && peers.areOthers()) alarms.set(connectionId, now + HANDOVER_MS);
    if (deliveries.length > 0) {
      deps.noteChange(
        connection.workspaceId,
        "delivery",
        deliveries.map(({ id }) => id),
      );
    }
    if (isStopping) giveBack(share, share.waiting.splice(0));
    pump(share);
    settle(share);
  };

  const takeTurns = () => {
    if (turning !== null || isStopping) return;
    // What wakes the worker at the same time shares one claim.
    turning = new Promise((resolve) => setImmediate(resolve))
      .then(turn)
      .catch(onError("claim"))
      .finally(() => {
        turning = null;
      });
  };

  const wake = (connectionIds: readonly string[]) => {
    for (const connectionId of connectionIds) line.add(connectionId);
    takeTurns();
  };

  const alarms = createAlarms(deps.now, wake);

  /** Looks at the next stretch of queues. Returns whether it came to the end. */
  const poll = async (): Promise<boolean> => {
    const now = deps.now();
    const { connections, next } = await readDueConnections(deps.db, pollFrom, QUEUES_A_POLL_MAX);
    pollFrom = next;
    const due: string[] = [];
    for (const { connectionId, dueAt } of connections) {
      if (!peers.owns(connectionId)) continue;
      if (dueAt <= now) due.push(connectionId);
      else alarms.set(connectionId, dueAt);
    }
    wake(due);
    return next === null;
  };

  const beat = async () => {
    // Queues that were others' may be ours now.
    if (await peers.beat()) pollFrom = null;
  };

  const every = (intervalMs: number, doing: string, work: () => Promise<unknown>) => {
    let isRunning = false;
    const timer = setInterval(() => {
      if (isRunning) return;
      isRunning = true;
      work()
        .catch(onError(doing))
        .finally(() => {
          isRunning = false;
        });
    }, intervalMs);
    timers.push(timer);
  };

  return {
    start: async () => {
      await beat();
      alarms.start();
      every(BEAT_EVERY_MS, "beat", beat);
      every(POLL_EVERY_MS, "poll", poll);
      every(FLUSH_EVERY_MS, "flush", () => recorder.flush(false));
      every(FLUSH_EVERY_MS, "every second", deps.everySecond);
      every(SWEEP_EVERY_MS, "sweep", async () => {
        const swept = await sweepLeases(deps.db, deps.now());
        if (swept.returned > 0) deps.observer.leasesLost(swept.returned);
      });
      void poll().catch(onError("poll"));
    },
    wake: (connectionIds) => {
      const own = connectionIds.filter(peers.owns);
      if (own.length < connectionIds.length) {
        deps.tellPeers(connectionIds.filter((connectionId) => !peers.owns(connectionId)));
      }
      if (own.length > 0) wake(own);
    },
    tick: async () => {
      pollFrom = null;
      while (!(await poll()));
      while (turning !== null || running.size > 0) await Promise.all([turning, ...running]);
      await recorder.flush(true);
    },
    stop: async () => {
      isStopping = true;
      alarms.stop();
      for (const timer of timers) clearInterval(timer);
      await turning;
      while (running.size > 0) await Promise.all(running);
      await recorder.idle();
      await recorder.flush(true);
      await returnAllLeases(deps, deps.now());
      await peers.leave();
    },
    inFlight: () => inFlight,
  };
}

function isSendable(status: string, health: string): boolean {
  return status === "connected" && health !== "unhealthy";
}
