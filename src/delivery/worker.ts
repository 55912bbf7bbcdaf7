import type { ClaimedDelivery } from "./claim.ts";
import { claimDue } from "./claim.ts";
import { deliver } from "./deliver.ts";
import type { DeliveryDeps } from "./deps.ts";
import { readDueConnections } from "./due-connections.ts";
import type { Recorder } from "./record.ts";
import { returnLeases } from "./return-leases.ts";
import { sweepLeases } from "./sweep.ts";

/** In flight at once in this process. */
const IN_FLIGHT_MAX = 512;
/** Connections claimed from in one turn: each can then have its whole share, and the others come next. */
const CONNECTIONS_A_TURN_MAX = 50;
/** Wake-ups are hints; this is how late a delivery can be whose hint was lost. */
const POLL_EVERY_MS = 500;
const SWEEP_EVERY_MS = 5000;

export type Worker = {
  readonly start: () => void;
  /** These connections have something due now. */
  readonly wake: (connectionIds: readonly string[]) => void;
  /** Looks for due work once and waits until what was claimed is recorded: for tests that step the clock. */
  readonly tick: () => Promise<void>;
  /** Claims no more, finishes what is in flight, hands back the rest. */
  readonly stop: () => Promise<void>;
};

type WorkerDeps = DeliveryDeps & { readonly onError: (error: unknown, doing: string) => void };

/**
 * Sends what is due. Connections with due work stand in line; a turn takes the first of them, claims a fair share of
 * each queue in one transaction, and puts those with more behind the others, so that no backlog, however long, makes
 * another connection wait for more than a turn.
 */
export function createWorker(deps: WorkerDeps, recorder: Recorder): Worker {
  /** Connections that may have due work, in the order in which they come. */
  const line = new Set<string>();
  const inFlight = new Set<Promise<void>>();
  const timers: NodeJS.Timeout[] = [];
  let turning: Promise<void> | null = null;
  let isStopping = false;

  const run = async (claimed: ClaimedDelivery): Promise<void> => {
    try {
      await deliver(deps, recorder, claimed);
    } catch (error) {
      // The lease runs out and the sweep returns the delivery.
      deps.onError(error, "deliver");
    }
    // A place is free: there may be more in this connection's queue.
    wake([claimed.connectionId]);
  };

  const turn = async (): Promise<void> => {
    while (!isStopping && line.size > 0 && inFlight.size < IN_FLIGHT_MAX) {
      const first = [...line.values().take(CONNECTIONS_A_TURN_MAX)];
      for (const connectionId of first) line.delete(connectionId);
      const room = IN_FLIGHT_MAX - inFlight.size;
      const claimed = await deps.db
        .transaction()
        .execute((trx) => claimDue(deps, trx, first, room, deps.now()));
      for (const one of claimed) {
        const running: Promise<void> = run(one).finally(() => inFlight.delete(running));
        inFlight.add(running);
      }
      // Those left out for want of room come first next time.
      if (claimed.length === room) for (const connectionId of first) line.add(connectionId);
    }
  };

  const takeTurns = () => {
    if (turning !== null || isStopping) return;
    // What wakes the worker at the same time shares one claim.
    turning = new Promise((resolve) => setImmediate(resolve))
      .then(turn)
      .catch((error: unknown) => deps.onError(error, "claim"))
      .finally(() => {
        turning = null;
      });
  };

  const wake = (connectionIds: readonly string[]) => {
    for (const connectionId of connectionIds) line.add(connectionId);
    takeTurns();
  };

  const poll = async (): Promise<void> => {
    const now = deps.now();
    const due = await readDueConnections(deps.db, now);
    wake(due.filter(({ dueAt }) => dueAt <= now).map(({ connectionId }) => connectionId));
  };

  const every = (intervalMs: number, doing: string, work: () => Promise<unknown>) => {
    let isRunning = false;
    const timer = setInterval(() => {
      if (isRunning) return;
      isRunning = true;
      work()
        .catch((error: unknown) => deps.onError(error, doing))
        .finally(() => {
          isRunning = false;
        });
    }, intervalMs);
    timers.push(timer);
  };

  return {
    start: () => {
      every(POLL_EVERY_MS, "poll", poll);
      every(SWEEP_EVERY_MS, "sweep", () => sweepLeases(deps.db, deps.now()));
      void poll().catch((error: unknown) => deps.onError(error, "poll"));
    },
    wake,
    tick: async () => {
      await poll();
      while (turning !== null || inFlight.size > 0) await Promise.all([turning, ...inFlight]);
    },
    stop: async () => {
      isStopping = true;
      for (const timer of timers) clearInterval(timer);
      await turning;
      await Promise.all(inFlight);
      await recorder.idle();
      await returnLeases(deps, deps.now());
    },
  };
}
