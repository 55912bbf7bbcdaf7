import type { Bus } from "../db/notify.ts";
import type { SignedDelivery } from "../dispatch/signed-delivery.ts";
import type { OnStage } from "../domain/outcome.ts";
import type { ChangeKind } from "../domain/publish-change.ts";
import { ANNOUNCE_EVERY_MS, ClusterChanges } from "./cluster-changes.ts";
import { LiveAttempts, type LiveAttemptsDeps } from "./live-attempts.ts";
import { type ReadChangedDeps, readChanged } from "./read-changed.ts";
import type { ChangeFilter, SendChanges } from "./subscriber.ts";
import { Watch } from "./watch.ts";

export type Subscription = {
  /** The id of the last change sent; null if a reset must come first. */
  readonly position: () => string | null;
  /** Accepts changes again. */
  readonly resume: () => void;
  readonly end: () => void;
};

type SubscribeTo = {
  readonly workspaceId: string;
  readonly filter: ChangeFilter;
  /** Continues after the change with this id; null starts with the next one. */
  readonly lastId: string | null;
};

type ChangesDeps = ReadChangedDeps & {
  readonly bus: Pick<Bus, "publish" | "subscribe">;
  readonly sendsUnderWay: LiveAttemptsDeps["sendsUnderWay"];
  readonly onError: (error: unknown) => void;
};

/**
 * The change feed of a workspace. Changed objects are recorded by their ids, and only in workspaces that someone watches.
 * A moment later their current rows are read once for all subscribers, so an object that changes often costs little. A
 * subscriber that cannot keep up is reset, and reads everything again.
 */
export class Changes {
  readonly #deps: ChangesDeps;
  readonly #cluster: ClusterChanges;
  readonly #live: LiveAttempts;
  readonly #watches = new Map<string, Watch>();
  #ticking: NodeJS.Timeout | null = null;

  constructor(deps: ChangesDeps) {
    this.#deps = deps;
    this.#cluster = new ClusterChanges({
      bus: deps.bus,
      watched: () => [...this.#watches.keys()],
      onChange: (workspaceId, kind, ids) => this.#watches.get(workspaceId)?.append(kind, ids),
      onGap: (workspaceId) => this.#addGap(workspaceId),
    });
    this.#live = new LiveAttempts({
      bus: deps.bus,
      sendsUnderWay: deps.sendsUnderWay,
      onAttempt: (attempt) => this.#watches.get(attempt.workspaceId)?.sendAttempt(attempt),
      clock: () => performance.now(),
    });
  }

  start(): void {
    this.#ticking ??= setInterval(() => this.#tick(), ANNOUNCE_EVERY_MS);
    this.#cluster.start();
  }

  stop(): void {
    if (this.#ticking !== null) clearInterval(this.#ticking);
    for (const watch of this.#watches.values()) watch.stop();
    this.#watches.clear();
    this.#live.stop();
    this.#cluster.stop();
  }

  /** Call after a commit; costs nothing when no one watches. */
  publish(workspaceId: string, kind: ChangeKind, ids: readonly string[]): void {
    this.#watches.get(workspaceId)?.append(kind, ids);
    this.#cluster.publish(workspaceId, kind, ids);
  }

  /** Call after a commit that changed more objects than can be listed: every subscriber reads everything again. */
  publishMany(workspaceId: string): void {
    this.#watches.get(workspaceId)?.addGap();
    this.#cluster.publishMany(workspaceId);
  }

  /** The listener for the stages of an attempt that begins; null if no one watches. */
  stagesListener(signed: SignedDelivery): OnStage | null {
    return this.#live.stagesListener(signed);
  }

  subscribe({ workspaceId, filter, lastId }: SubscribeTo, send: SendChanges): Subscription {
    const watch = this.#watchOf(workspaceId);
    const subscriber = watch.subscribe(filter, lastId, send);
    const attempts = this.#live.watch(workspaceId, filter);
    return {
      position: () => subscriber.position,
      resume: () => {
        watch.resume(subscriber);
        attempts.requestAgain();
      },
      // A stream that is cut off ends twice.
      end: () => {
        if (watch.unsubscribe(subscriber)) attempts.end();
      },
    };
  }

  #watchOf(workspaceId: string): Watch {
    const known = this.#watches.get(workspaceId);
    if (known !== undefined) return known;
    const watch = new Watch(
      (objects) => readChanged(this.#deps, workspaceId, objects),
      (error) => this.#deps.onError(error),
    );
    this.#watches.set(workspaceId, watch);
    this.#cluster.announce([workspaceId]);
    return watch;
  }

  /** Changes of this workspace, or of all if null, may have been missed. */
  #addGap(workspaceId: string | null): void {
    const watches = workspaceId === null ? [...this.#watches.values()] : [this.#watches.get(workspaceId)];
    for (const watch of watches) watch?.addGap();
  }

  #tick(): void {
    for (const [workspaceId, watch] of this.#watches) {
      if (watch.isExpired) this.#watches.delete(workspaceId);
    }
    this.#cluster.announce([...this.#watches.keys()]);
    this.#live.tick();
  }
}
