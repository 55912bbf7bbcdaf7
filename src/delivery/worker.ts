import { createAlarms } from "./alarms.ts";
import { bringForward } from "./bring-forward.ts";
import { cancelIfDisconnected } from "./cancel.ts";
import { type Claim, claimDue, holdsClaims } from "./claim.ts";
import type { DeliveryDeps } from "./deps.ts";
import { type DisconnectedConnection, readDueConnections } from "./due-connections.ts";
import type { Handover } from "./handover.ts";
import type { Recorder } from "./record.ts";
import { returnAllLeases } from "./return-leases.ts";
import { createSending } from "./sending.ts";
import { sweepLeases } from "./sweep.ts";
import { BEAT_EVERY_MS, type WorkerRegistry } from "./worker-registry.ts";

/** Connections claimed from in one turn; the others come next. */
const CONNECTIONS_A_TURN_MAX = 64;
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
  /** These connections were changed: nothing more of them leaves here as they stood before. */
  readonly recall: (connectionIds: readonly string[]) => void;
  /** Looks for due work once and waits until what was claimed is recorded: for tests that step the clock. */
  readonly tick: () => Promise<void>;
  /** Claims no more, finishes what is in flight, hands back the rest. */
  readonly stop: () => Promise<void>;
  readonly inFlight: () => number;
  readonly handover: Handover;
};

type WorkerDeps = DeliveryDeps & {
  readonly registry: WorkerRegistry;
  /** Tells other processes of connections that have something due and are theirs. */
  readonly tellPeers: (connectionIds: readonly string[]) => void;
  /** Told after a commit that changed more of a workspace than can be named. */
  readonly noteManyChanges: (workspaceId: string) => void;
  /** More to do once a second while this process works, such as moving replays on. */
  readonly everySecond: () => Promise<void>;
  /** Told each time that work which comes round by itself has succeeded. */
  readonly onDone: (doing: string) => void;
  readonly onError: (error: unknown, doing: string) => void;
};

/**
 * Sends what is due. Connections with due work stand in line; a turn takes the first of them, leases a part of each
 * queue in one transaction, and the next turn takes the next, so that no backlog, however long, makes another
 * connection wait for more than a turn.
 */
export function createWorker(deps: WorkerDeps, recorder: Recorder): Worker {
  const { registry } = deps;
  /** Connections that may have due work, in the order in which they come. */
  const line = new Set<string>();
  /** Changed since the claim under way began, which may have read them before. */
  const recalled = new Set<string>();
  const timers: NodeJS.Timeout[] = [];
  let pollFrom: string | null = null;
  let turning: Promise<void> | null = null;
  let isStarted = false;
  let isStopping = false;

  const onError = (doing: string) => (error: unknown) => deps.onError(error, doing);

  const turn = async (): Promise<void> => {
    while (!isStopping && line.size > 0 && registry.isValid) {
      const first = [...line.values().take(CONNECTIONS_A_TURN_MAX)];
      for (const connectionId of first) line.delete(connectionId);
      const wishes = first.filter(owns).flatMap((connectionId) => sending.wishOf(connectionId) ?? []);
      if (wishes.length === 0) continue;
      const startedAt = performance.now();
      const now = deps.now();
      recalled.clear();
      const claims = await deps.transact(
        (trx) => claimDue(deps, trx, wishes, sending.roomFor, now),
        (db, claimed) => holdsClaims(db, deps.workerId, claimed),
      );
      const rows = claims.reduce((sum, { deliveries }) => sum + deliveries.length, 0);
      deps.observer.committed("claim", rows, performance.now() - startedAt);
      for (const claim of claims) takeIn(claim, now);
    }
  };

  const takeIn = (claim: Claim, now: number) => {
    const { connectionId, connection, deliveries, lookAgainAt } = claim;
    sending.takeIn(claim, recalled.has(connectionId));
    if (lookAgainAt !== null) alarms.set(connectionId, lookAgainAt);
    else if (deliveries.length === 0 && registry.areOthers) alarms.set(connectionId, now + HANDOVER_MS);
    if (deliveries.length === 0) return;
    const ids = deliveries.map(({ id }) => id);
    deps.noteChange(connection.workspaceId, "delivery", ids);
  };

  const takeTurns = () => {
    if (turning !== null || isStopping) return;
    // What wakes the worker at the same time shares one claim.
    turning = new Promise((resolve) => setImmediate(resolve))
      .then(turn)
      .catch(onError("claim"))
      .finally(() => {
        turning = null;
        // What was woken between the end of the last turn and this.
        if (line.size > 0 && registry.isValid) takeTurns();
      });
  };

  const owns = (connectionId: string) => registry.owns(connectionId);

  const wake = (connectionIds: readonly string[]) => {
    for (const connectionId of connectionIds) {
      line.add(connectionId);
      sending.noteMore(connectionId);
    }
    takeTurns();
  };

  const alarms = createAlarms(deps.now, wake);
  const sending = createSending(
    {
      ...deps,
      onRoom: (connectionId) => {
        if (connectionId !== null) wake([connectionId]);
        else if (line.size > 0) takeTurns();
      },
      onDueAt: alarms.set,
      mayStart: () => registry.isValid,
      isStarted: () => isStarted,
    },
    recorder,
  );

  /** Looks at the next stretch of queues. Returns whether it came to the end. */
  const poll = async (): Promise<boolean> => {
    const now = deps.now();
    const { connections, disconnected, tooFarAhead, next } = await readDueConnections(
      deps.db,
      pollFrom,
      QUEUES_A_POLL_MAX,
      now,
    );
    pollFrom = next;
    await bringForward(deps.db, tooFarAhead, now);
    await cancelOwed(disconnected.filter(({ connectionId }) => owns(connectionId)));
    const due: string[] = [];
    for (const { connectionId, dueAt } of connections) {
      if (!owns(connectionId)) continue;
      if (dueAt <= now) due.push(connectionId);
      else alarms.set(connectionId, dueAt);
    }
    wake(due);
    return next === null;
  };

  /** What a killed process held of a connection, or what was retried, just when it was disconnected. */
  const cancelOwed = async (disconnected: readonly DisconnectedConnection[]): Promise<void> => {
    for (const { connectionId, workspaceId } of disconnected) {
      const isCancelled = await deps.transact((trx) =>
        cancelIfDisconnected(deps.hot, trx, connectionId, deps.now()),
      );
      if (isCancelled) deps.noteManyChanges(workspaceId);
    }
  };

  const beat = async () => {
    // Queues that were others' may be ours now.
    if (await registry.beat()) {
      pollFrom = null;
      sending.noteOtherProcesses();
    }
    sending.resume();
    if (line.size > 0) takeTurns();
  };

  const every = (intervalMs: number, doing: string, work: () => Promise<unknown>) => {
    let isRunning = false;
    const timer = setInterval(() => {
      if (isRunning) return;
      isRunning = true;
      work()
        .then(() => deps.onDone(doing), onError(doing))
        .finally(() => {
          isRunning = false;
        });
    }, intervalMs);
    timers.push(timer);
  };

  return {
    start: async () => {
      await beat();
      isStarted = true;
      alarms.start();
      every(BEAT_EVERY_MS, "beat", beat);
      every(POLL_EVERY_MS, "poll", poll);
      every(FLUSH_EVERY_MS, "flush", () => recorder.flush(false));
      every(FLUSH_EVERY_MS, "every second", deps.everySecond);
      every(SWEEP_EVERY_MS, "sweep", async () => {
        if (!registry.canJudge) return;
        const swept = await sweepLeases(deps.db, deps.now());
        if (swept.returned > 0) deps.observer.leasesLost(swept.returned);
      });
      void poll().catch(onError("poll"));
    },
    wake: (connectionIds) => {
      const own = connectionIds.filter(owns);
      if (own.length < connectionIds.length) {
        deps.tellPeers(connectionIds.filter((connectionId) => !owns(connectionId)));
      }
      if (own.length > 0) wake(own);
    },
    recall: (connectionIds) => {
      for (const connectionId of connectionIds) {
        recalled.add(connectionId);
        sending.recall(connectionId);
      }
    },
    tick: async () => {
      pollFrom = null;
      while (!(await poll()));
      while (turning !== null || !sending.isIdle()) await (turning ?? sending.settled());
      await recorder.flush(true);
    },
    stop: async () => {
      isStopping = true;
      sending.stop();
      alarms.stop();
      for (const timer of timers) clearInterval(timer);
      await turning;
      while (!sending.isIdle()) await sending.settled();
      await recorder.idle();
      await recorder.flush(true);
      await returnAllLeases(deps, deps.now());
      await registry.leave();
    },
    inFlight: sending.inFlight,
    handover: sending.handover,
  };
}
