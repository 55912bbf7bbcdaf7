import type { Bus } from "../db/notify.ts";
import type { SignedDelivery } from "../dispatch/signed-delivery.ts";
import type { ChangeKind, NoteChange } from "../domain/note-change.ts";
import type { OnStage } from "../domain/outcome.ts";
import { type Changed, ChangeLog, keyOf } from "./change-log.ts";
import { type LiveAttempt, LiveAttempts, type LiveAttemptsDeps } from "./live-attempts.ts";
import { ANNOUNCE_EVERY_MS, PeerChanges } from "./peer-changes.ts";
import { type ReadChangedDeps, readChanged } from "./read-changed.ts";
import { type ChangeFilter, type SendChanges, type SentChange, Subscriber } from "./subscriber.ts";

/** A lone change leaves after this; what its commit changed besides goes with it. */
const GATHERED_MS = 20;
const FLUSH_EVERY_MS = 200;
/** Who is reset reads whole pages again, and a database that does not answer gets a rest. */
const FLUSH_AFTER_TROUBLE_MS = 1000;
/** Rows read at once for those who are at different positions; the others come next. */
const ROWS_A_FLUSH_MAX = 400;
/** So long a workspace stays watched when nobody does any more, for those whose connection was cut. */
const WATCHED_AFTER_MS = 60_000;

export type Subscription = {
  /** The id of the last change sent; null when it has to be reset first. */
  readonly position: () => string | null;
  /** Takes changes again. */
  readonly resume: () => void;
  readonly end: () => void;
};

/** What changes in a workspace, for those who watch it. */
export type Changes = {
  readonly note: NoteChange;
  /** Told after a commit that changed more objects than can be named: who watches reads everything again. */
  readonly noteMany: (workspaceId: string) => void;
  /** Who wants to know the stages of an attempt that begins; null for nobody. */
  readonly stagesListener: (signed: SignedDelivery) => OnStage | null;
  /** Goes on after the change with `lastId`, or starts with what comes. */
  readonly subscribe: (
    watch: { readonly workspaceId: string; readonly filter: ChangeFilter; readonly lastId: string | null },
    send: SendChanges,
  ) => Subscription;
  readonly start: () => void;
  readonly stop: () => void;
};

type ChangesDeps = ReadChangedDeps & {
  readonly bus: Pick<Bus, "publish" | "subscribe">;
  readonly sendsUnderWay: LiveAttemptsDeps["sendsUnderWay"];
  readonly onError: (error: unknown) => void;
};

type Watch = {
  readonly workspaceId: string;
  readonly log: ChangeLog;
  readonly subscribers: Set<Subscriber>;
  timer: NodeJS.Timeout | null;
  isFlushing: boolean;
  flushNoSoonerThan: number;
  forgetAt: number;
};

/**
 * Objects that change are noted by their ids, and only in workspaces that somebody watches. A moment later they are read
 * as they stand then, once for all who watch, so that an object that changes often costs little. Who cannot keep up is
 * told to read everything again.
 */
export function createChanges(deps: ChangesDeps): Changes {
  const watches = new Map<string, Watch>();
  let ticking: NodeJS.Timeout | null = null;

  const noteHere = (workspaceId: string, kind: ChangeKind, ids: readonly string[]) => {
    const watch = watches.get(workspaceId);
    if (watch === undefined) return;
    watch.log.append(kind, ids);
    schedule(watch);
  };

  const lose = (watch: Watch) => {
    watch.log.lose();
    schedule(watch);
  };

  const peers = new PeerChanges({
    bus: deps.bus,
    watched: () => [...watches.keys()],
    onChange: noteHere,
    onGap: (workspaceId) => {
      for (const watch of watches.values()) {
        if (workspaceId === null || watch.workspaceId === workspaceId) lose(watch);
      }
    },
  });

  const live = new LiveAttempts({
    bus: deps.bus,
    sendsUnderWay: deps.sendsUnderWay,
    onAttempt: (attempt: LiveAttempt) => {
      const change = { kind: "attempt", row: attempt, id: null } as const;
      for (const subscriber of watches.get(attempt.workspaceId)?.subscribers ?? []) {
        subscriber.sendAttempt(change);
      }
    },
    clock: () => performance.now(),
  });

  const schedule = (watch: Watch) => {
    if (watch.timer !== null || watch.isFlushing || !hasWaiting(watch)) return;
    const delayMs = Math.max(GATHERED_MS, watch.flushNoSoonerThan - performance.now());
    watch.timer = setTimeout(() => {
      watch.timer = null;
      watch.isFlushing = true;
      flush(watch)
        .then(
          (isCalm) => rest(watch, isCalm ? FLUSH_EVERY_MS : FLUSH_AFTER_TROUBLE_MS),
          (error: unknown) => {
            deps.onError(error);
            rest(watch, FLUSH_AFTER_TROUBLE_MS);
          },
        )
        .finally(() => {
          watch.isFlushing = false;
          schedule(watch);
        });
    }, delayMs);
  };

  /** Returns false when somebody could not keep up. */
  const flush = async (watch: Watch): Promise<boolean> => {
    const { log, workspaceId } = watch;
    const { sequence } = log;
    let isCalm = true;
    const wanted = new Map<string, Changed>();
    const served: { readonly subscriber: Subscriber; readonly pending: readonly Changed[] }[] = [];
    for (const subscriber of watch.subscribers) {
      if (!subscriber.waits) continue;
      const pending = subscriber.pending();
      if (pending === null) {
        // Who comes with a position of another time is no sign of trouble.
        if (subscriber.position !== null) isCalm = false;
        subscriber.reset(sequence);
      } else if (wanted.size === 0 || wanted.size + pending.length <= ROWS_A_FLUSH_MAX) {
        served.push({ subscriber, pending });
        for (const changed of pending) wanted.set(keyOf(changed.kind, changed.id), changed);
      }
    }
    const rows = new Map<string, SentChange>();
    for (const changed of await readChanged(deps, workspaceId, [...wanted.values()])) {
      const key = keyOf(changed.kind, changed.row.id);
      rows.set(key, { ...changed, id: log.tell(wanted.get(key)?.sequence ?? sequence) });
    }
    for (const { subscriber, pending } of served) {
      if (watch.subscribers.has(subscriber)) subscriber.send(pending, rows, sequence);
    }
    return isCalm;
  };

  const watchOf = (workspaceId: string): Watch => {
    const known = watches.get(workspaceId);
    if (known !== undefined) return known;
    const watch: Watch = {
      workspaceId,
      log: new ChangeLog(),
      subscribers: new Set(),
      timer: null,
      isFlushing: false,
      flushNoSoonerThan: 0,
      forgetAt: 0,
    };
    watches.set(workspaceId, watch);
    peers.announce([workspaceId]);
    return watch;
  };

  const tick = () => {
    const now = performance.now();
    for (const [workspaceId, { subscribers, forgetAt }] of watches) {
      if (subscribers.size === 0 && forgetAt < now) watches.delete(workspaceId);
    }
    peers.announce([...watches.keys()]);
    live.tick();
  };

  return {
    note: (workspaceId, kind, ids) => {
      noteHere(workspaceId, kind, ids);
      peers.note(workspaceId, kind, ids);
    },
    noteMany: (workspaceId) => {
      const watch = watches.get(workspaceId);
      if (watch !== undefined) lose(watch);
      peers.noteMany(workspaceId);
    },
    stagesListener: (signed) => live.stagesListener(signed),
    subscribe: ({ workspaceId, filter, lastId }, send) => {
      const watch = watchOf(workspaceId);
      const subscriber = new Subscriber(watch.log, filter, lastId, send);
      watch.subscribers.add(subscriber);
      schedule(watch);
      const attempts = live.watch(workspaceId, filter);
      return {
        position: () => subscriber.position,
        resume: () => {
          subscriber.resume();
          schedule(watch);
          attempts.ask();
        },
        end: () => {
          // A stream that is cut ends twice.
          if (!watch.subscribers.delete(subscriber)) return;
          attempts.end();
          watch.forgetAt = performance.now() + WATCHED_AFTER_MS;
        },
      };
    },
    start: () => {
      ticking ??= setInterval(tick, ANNOUNCE_EVERY_MS);
      peers.start();
    },
    stop: () => {
      if (ticking !== null) clearInterval(ticking);
      for (const { timer, subscribers } of watches.values()) {
        if (timer !== null) clearTimeout(timer);
        subscribers.clear();
      }
      watches.clear();
      live.stop();
      peers.stop();
    },
  };
}

function hasWaiting({ subscribers }: Watch): boolean {
  return subscribers.values().some((subscriber) => subscriber.waits);
}

function rest(watch: Watch, forMs: number): void {
  watch.flushNoSoonerThan = performance.now() + forMs;
}
