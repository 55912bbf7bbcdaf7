import type { Bus } from "../db/notify.ts";
import { withQueued } from "../dispatch/describe-attempt.ts";
import type { SignedDelivery } from "../dispatch/signed-delivery.ts";
import type { AttemptTrigger } from "../domain/delivery.ts";
import type { AttemptStage, AttemptTimings, OnStage } from "../domain/outcome.ts";
import { ASK, REMEMBERED_MS } from "./peer-changes.ts";
import type { ChangeFilter } from "./subscriber.ts";

/** An attempt under way, as it stands. */
export type LiveAttempt = {
  readonly workspaceId: string;
  readonly deliveryId: string;
  readonly connectionId: string;
  readonly number: number;
  readonly trigger: AttemptTrigger;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly stage: AttemptStage;
  /** Of the stages that are over; `total` is the time so far. */
  readonly timings: AttemptTimings;
};

/** Stages that follow each other faster are told as one: who watches cannot see them anyway. */
const GATHERED_MS = 20;
/** Attempts told at a time. One left out is told at its next stage, or when its watchers next say that they watch. */
const TOLD_AT_ONCE_MAX = 500;
const WANTED_MAX = 10_000;

type LiveAttemptsDeps = {
  readonly bus: Pick<Bus, "publish" | "subscribe">;
  /** Requests under way in this process. */
  readonly sendsUnderWay: () => Iterable<{
    readonly subject: SignedDelivery | undefined;
    readonly watch: (onStage: OnStage) => void;
  }>;
  /** Told of attempts that somebody in this process watches, wherever they are made. */
  readonly onAttempt: (attempt: LiveAttempt) => void;
  /** Milliseconds that only go forward. */
  readonly clock: () => number;
};

export type LiveAttempts = {
  readonly stagesListener: (signed: SignedDelivery) => OnStage | null;
  /** Begins to watch what a filter names, if it names something narrow enough. */
  readonly watch: (workspaceId: string, filter: ChangeFilter) => WatchedAttempts;
  /** Says again what is watched here, and forgets what others no longer watch. */
  readonly tick: () => void;
  readonly stop: () => void;
};

export type WatchedAttempts = {
  /** Has everything under way told again. */
  readonly ask: () => void;
  readonly end: () => void;
};

/**
 * The stages of attempts that somebody watches, in this process or in another on the same database. A whole state is
 * told each time, so a hint that is lost or comes twice does no harm. What is under way is not kept here: it is asked of
 * the requests themselves when somebody begins to watch. A delivery that nobody watches costs one look at two empty maps.
 */
export function createLiveAttempts({ bus, sendsUnderWay, onAttempt, clock }: LiveAttemptsDeps): LiveAttempts {
  /** By key: how many streams of this process watch it. */
  const wantedHere = new Map<string, number>();
  /** By key: until when it is remembered that others watch it. */
  const wantedThere = new Map<string, number>();
  /** By delivery: the latest state not told yet. */
  const untold = new Map<string, LiveAttempt>();
  let timer: NodeJS.Timeout | null = null;

  const listen = (signed: SignedDelivery): OnStage => {
    return (stage, timings) => {
      const attempt = liveAttempt(signed, stage, withQueued(signed, timings));
      if (untold.size < TOLD_AT_ONCE_MAX || untold.has(attempt.deliveryId)) {
        untold.set(attempt.deliveryId, attempt);
      }
      timer ??= setTimeout(tell, GATHERED_MS);
    };
  };

  const tell = () => {
    timer = null;
    const messages: string[] = [];
    for (const attempt of untold.values()) {
      const { workspaceId, deliveryId, connectionId, trigger } = attempt;
      const isWanted = (keys: Keys) => isAmong(keys, workspaceId, deliveryId, connectionId, trigger);
      if (isWanted(wantedHere)) onAttempt(attempt);
      if (isWanted(wantedThere)) messages.push(JSON.stringify(attempt));
    }
    untold.clear();
    bus.publish("attempts", messages);
  };

  /** Watches what is under way of these, and tells it. */
  const tellPresent = (wanted: Keys) => {
    for (const send of sendsUnderWay()) {
      const { subject } = send;
      if (subject !== undefined && isSignedAmong(wanted, subject)) send.watch(listen(subject));
    }
  };

  const announce = () => bus.publish("interest", [...wantedHere.keys()]);

  bus.subscribe(
    "interest",
    (messages) => {
      const until = clock() + REMEMBERED_MS;
      const wanted = new Set(messages.filter(isKey));
      for (const key of wanted) {
        if (wantedThere.size < WANTED_MAX || wantedThere.has(key)) wantedThere.set(key, until);
      }
      if (wanted.size > 0) tellPresent(wanted);
      if (messages.includes(ASK)) announce();
    },
    announce,
  );
  // Who hears again what is watched tells again what is under way.
  bus.subscribe(
    "attempts",
    (messages) => {
      for (const message of messages) onAttempt(JSON.parse(message) as LiveAttempt);
    },
    announce,
  );

  return {
    stagesListener: (signed) => {
      if (wantedHere.size === 0 && wantedThere.size === 0) return null;
      return isSignedAmong(wantedHere, signed) || isSignedAmong(wantedThere, signed) ? listen(signed) : null;
    },
    watch: (workspaceId, filter) => {
      const key = keyOfFilter(workspaceId, filter);
      if (key === null) return NOTHING_WATCHED;
      const ask = () => {
        bus.publish("interest", [key]);
        tellPresent(new Set([key]));
      };
      wantedHere.set(key, (wantedHere.get(key) ?? 0) + 1);
      ask();
      return {
        ask,
        end: () => {
          const others = (wantedHere.get(key) ?? 1) - 1;
          if (others > 0) wantedHere.set(key, others);
          else wantedHere.delete(key);
        },
      };
    },
    tick: () => {
      const now = clock();
      for (const [key, until] of wantedThere) if (until < now) wantedThere.delete(key);
      announce();
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer);
      untold.clear();
      wantedHere.clear();
      wantedThere.clear();
    },
  };
}

const NOTHING_WATCHED: WatchedAttempts = { ask: () => undefined, end: () => undefined };

/** Of a whole connection only its tests are told: its traffic would be a flood, and is no single person's concern. */
export function wantsAttempt(
  { deliveryId, connectionId }: ChangeFilter,
  attempt: Pick<LiveAttempt, "deliveryId" | "connectionId" | "trigger">,
): boolean {
  const isOfConnection = connectionId === null || attempt.connectionId === connectionId;
  if (deliveryId !== null) return isOfConnection && attempt.deliveryId === deliveryId;
  return connectionId !== null && isOfConnection && attempt.trigger === "test";
}

/** What a stream wants, as processes tell it each other. The names of workspaces hold no space. */
function keyOfFilter(workspaceId: string, { deliveryId, connectionId }: ChangeFilter): string | null {
  if (deliveryId !== null) return deliveryKey(workspaceId, deliveryId);
  return connectionId === null ? null : testsKey(workspaceId, connectionId);
}

type Keys = { readonly size: number; readonly has: (key: string) => boolean };

function isAmong(
  keys: Keys,
  workspaceId: string,
  deliveryId: string,
  connectionId: string,
  trigger: AttemptTrigger,
): boolean {
  if (keys.size === 0) return false;
  if (keys.has(deliveryKey(workspaceId, deliveryId))) return true;
  return trigger === "test" && keys.has(testsKey(workspaceId, connectionId));
}

function isSignedAmong(keys: Keys, { delivery: { id, connection, trigger } }: SignedDelivery): boolean {
  return isAmong(keys, connection.workspaceId, id, connection.id, trigger);
}

function deliveryKey(workspaceId: string, id: string): string {
  return `${workspaceId} delivery ${id}`;
}

function testsKey(workspaceId: string, connectionId: string): string {
  return `${workspaceId} tests ${connectionId}`;
}

function isKey(message: string): boolean {
  return message.includes(" ");
}

function liveAttempt(
  { delivery, startedAt }: SignedDelivery,
  stage: AttemptStage,
  timings: AttemptTimings,
): LiveAttempt {
  return {
    workspaceId: delivery.connection.workspaceId,
    deliveryId: delivery.id,
    connectionId: delivery.connection.id,
    number: delivery.attemptNumber,
    trigger: delivery.trigger,
    startedAt,
    stage,
    timings,
  };
}
