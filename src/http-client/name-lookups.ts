import { FairQueue } from "../domain/fair-queue.ts";
import { Deadlines } from "./deadlines.ts";
import { FailedNames } from "./failed-names.ts";
import { Lookup, type LookupRequester } from "./lookup.ts";
import { type LookupLimits, LookupSlots } from "./lookup-slots.ts";
import type { Resolve } from "./name-resolver.ts";
import { RunningLookup } from "./running-lookup.ts";
import { SendError } from "./send-error.ts";

export type NameLookupsOptions = {
  readonly resolve: Resolve;
  /** For each lookup from its start to its end. */
  readonly lookupTimeoutMs: number;
  /** How long a caller waits for a slot. */
  readonly queueTimeoutMs: number;
  readonly deliveryLimits?: LookupLimits;
  readonly interactiveLimits?: LookupLimits;
  readonly failedNames?: FailedNames;
};

/** Each lookup keeps a socket open. After a restart every receiver is looked up, so even one workspace needs many. */
const DELIVERY_LIMITS: LookupLimits = { total: 256, perWorkspace: 64 };
/** People who save a URL or send a test never wait behind deliveries. */
const INTERACTIVE_LIMITS: LookupLimits = { total: 32, perWorkspace: 4 };
/** A faster failure occupies its slot so briefly that it need not be remembered. */
const SLOW_FAILURE_MS = 1_000;

type LookupPool = { readonly slots: LookupSlots; readonly queue: FairQueue<Lookup> };

/**
 * Schedules lookups. Callers of one name share a lookup; each workspace has a bounded number of slots, and workspaces
 * take turns when slots are scarce. A name whose lookup was slow to fail then fails without a lookup for a while.
 * Results are not cached.
 */
export class NameLookups {
  readonly #resolve: Resolve;
  readonly #failedNames: FailedNames;
  readonly #deliveries: LookupPool;
  readonly #interactive: LookupPool;
  readonly #running = new Map<string, RunningLookup>();
  readonly #queued = new Map<string, Set<Lookup>>();
  readonly #runningDeadlines: Deadlines<RunningLookup>;
  readonly #queueDeadlines: Deadlines<Lookup>;

  constructor(options: NameLookupsOptions) {
    this.#resolve = options.resolve;
    this.#failedNames = options.failedNames ?? new FailedNames();
    this.#deliveries = createPool(options.deliveryLimits ?? DELIVERY_LIMITS);
    this.#interactive = createPool(options.interactiveLimits ?? INTERACTIVE_LIMITS);
    this.#runningDeadlines = new Deadlines(options.lookupTimeoutMs);
    this.#queueDeadlines = new Deadlines(options.queueTimeoutMs);
  }

  /** The addresses reject with a SendError or with one of Node's DNS errors. */
  lookUp(name: string, requester: LookupRequester): Lookup {
    const lookup = new Lookup(name, requester, (cancelled) => this.#leave(cancelled));
    const running = this.#running.get(name);
    const pausedBy = this.#failedNames.pausedBy(name);
    if (running !== undefined) running.join(lookup);
    else if (pausedBy !== null) lookup.reject(pausedBy);
    else if (this.#mayStart(lookup)) this.#start(lookup);
    else this.#enqueue(lookup);
    return lookup;
  }

  /** Ends every lookup; callers get `interrupted`. */
  close(): void {
    const waiting = [...this.#queued.values()].flatMap((lookups) => [...lookups]);
    for (const lookup of waiting) {
      this.#dequeue(lookup);
      lookup.reject(new SendError("interrupted"));
    }
    for (const running of [...this.#running.values()]) {
      this.#fail(running, new SendError("interrupted"));
      running.controller.abort();
    }
    this.#runningDeadlines.close();
    this.#queueDeadlines.close();
  }

  #poolOf(requester: LookupRequester): LookupPool {
    return requester.isInteractive ? this.#interactive : this.#deliveries;
  }

  #mayStart({ name, requester }: Lookup): boolean {
    return this.#poolOf(requester).slots.hasSlotFor(requester.workspaceId, this.#failedNames.isSuspect(name));
  }

  #start(lookup: Lookup): void {
    const { name, requester } = lookup;
    const isProbe = this.#failedNames.isSuspect(name);
    const running = new RunningLookup(lookup, isProbe, (overdue) => this.#expire(overdue));
    this.#poolOf(requester).slots.take(requester.workspaceId, isProbe);
    this.#running.set(name, running);
    this.#runningDeadlines.start(running);
    running.join(lookup);
    for (const waiting of this.#queued.get(name) ?? []) {
      this.#dequeue(waiting);
      running.join(waiting);
    }
    void this.#resolve(name, running.controller.signal).then(
      (addresses) => this.#succeed(running, addresses),
      (error: Error) => this.#fail(running, error),
    );
  }

  #succeed(running: RunningLookup, addresses: readonly string[]): void {
    if (!this.#end(running)) return;
    this.#failedNames.forget(running.name);
    for (const caller of running.callers) caller.resolve(addresses);
  }

  #fail(running: RunningLookup, error: Error): void {
    if (!this.#end(running)) return;
    if (error instanceof SendError && isWorthRemembering(error, performance.now() - running.startedAt)) {
      this.#failedNames.remember(running.name, error);
    }
    for (const caller of running.callers) caller.reject(error);
  }

  #expire(running: RunningLookup): void {
    const error = new SendError("dns_timeout");
    this.#failedNames.remember(running.name, error);
    this.#fail(running, error);
    running.controller.abort();
  }

  /** Passes the slot to the next lookup; false if this one had already ended. */
  #end(running: RunningLookup): boolean {
    if (this.#running.get(running.name) !== running) return false;
    this.#running.delete(running.name);
    this.#runningDeadlines.clear(running);
    const { slots, queue } = this.#poolOf(running.requester);
    slots.free(running.requester.workspaceId, running.isProbe);
    for (;;) {
      const next = queue.takeNext((lookup) => this.#mayStart(lookup));
      if (next === null) return true;
      this.#dequeue(next);
      this.#start(next);
    }
  }

  #enqueue(lookup: Lookup): void {
    const { name, requester } = lookup;
    this.#poolOf(requester).queue.add(requester.workspaceId, lookup);
    this.#queueDeadlines.start(lookup);
    const sameName = this.#queued.get(name);
    if (sameName === undefined) this.#queued.set(name, new Set([lookup]));
    else sameName.add(lookup);
  }

  #dequeue(lookup: Lookup): void {
    const { name, requester } = lookup;
    this.#poolOf(requester).queue.remove(requester.workspaceId, lookup);
    this.#queueDeadlines.clear(lookup);
    const sameName = this.#queued.get(name);
    if (sameName?.delete(lookup) && sameName.size === 0) this.#queued.delete(name);
  }

  #leave(lookup: Lookup): void {
    this.#dequeue(lookup);
    const running = this.#running.get(lookup.name);
    if (running === undefined || !running.callers.delete(lookup) || running.callers.size > 0) return;
    this.#end(running);
    running.controller.abort();
  }
}

function createPool(limits: LookupLimits): LookupPool {
  return { slots: new LookupSlots(limits), queue: new FairQueue() };
}

function isWorthRemembering({ failureCode }: SendError, durationMs: number): boolean {
  return durationMs >= SLOW_FAILURE_MS && (failureCode === "dns_failed" || failureCode === "dns_timeout");
}
