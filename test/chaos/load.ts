import { randomUUID } from "node:crypto";
import { ApiClient, type ApiResponse } from "../support/api-client.ts";
import { pause } from "./pause.ts";
import { pick, type Random } from "./random.ts";

const SENDERS = 4;
/** About twelve events per second, most of them alone. */
const PAUSE_MAX_MS = 900;
const BATCH_ONE_IN = 8;
const BATCH_SIZE = 8;
/** Enough for some of them to share a commit. */
const BURST_SIZE = 16;
const NO_SERVER_PAUSE_MS = 50;
const REFUSED_PAUSE_MS = 100;

/** One event, as its sender knows it. */
export type PostedEvent = {
  /** Occurs in this event's data and in no other's. */
  readonly marker: string;
  /** The id assigned by the sender, or null. */
  readonly ownId: string | null;
  /** The id in the acknowledgement. */
  acknowledgedId: string | null;
};

/** The events of one request, as their sender knows them. */
export type Posted = {
  readonly type: string;
  readonly events: readonly PostedEvent[];
  /** Makes it safe to resend events without ids. */
  readonly idempotencyKey: string | null;
  readonly postedAt: number;
  /** The response was 202. Otherwise either all of the events are stored or none. */
  isAcknowledged: boolean;
  /** How many times it was sent without getting a response. */
  lostResponses: number;
  /** When the request broke off, if it never got a response: a kill may have caused that. */
  cutOffAt: number | null;
};

export type Load = {
  readonly posted: readonly Posted[];
  /** Responses by status, except 202. */
  readonly refusals: ReadonlyMap<number, number>;
  /** Responses that must never occur. */
  readonly faults: readonly string[];
  /** Posts an event for one connection until it is acknowledged, and returns its id. */
  readonly postOne: (type: string) => Promise<string>;
  /** The same for a batch. */
  readonly postBatch: (type: string, size: number) => Promise<void>;
  /**
   * Posts events to one server concurrently, once, without ids and without an idempotency key. Only the commit can tell
   * whether such an event is stored. Returns their markers immediately.
   */
  readonly postBurst: (url?: string) => {
    readonly markers: readonly string[];
    readonly responses: Promise<unknown>;
  };
  /** Resolves when all senders have ended. */
  readonly stop: () => Promise<void>;
};

/**
 * Posts events, alone and in batches, to any server that is up. Half of the requests are resent until they are
 * acknowledged, with the same ids or idempotency key, as a careful application would do. The other half is sent once,
 * with or without ids.
 */
export function startLoad(deps: {
  readonly urls: () => readonly string[];
  readonly key: string;
  readonly types: readonly string[];
  readonly deliveriesEach: number;
  readonly random: Random;
}): Load {
  const posted: Posted[] = [];
  const refusals = new Map<number, number>();
  const faults: string[] = [];
  let isStopping = false;

  const post = async (one: Posted, deliveriesEach: number, toUrl: string | null = null): Promise<void> => {
    while (deps.urls().length === 0) await pause(NO_SERVER_PAUSE_MS);
    const client = new ApiClient(toUrl ?? pick(deps.random, deps.urls()), { key: deps.key });
    const events = one.events.map((event) => writeEvent(event, one.type));
    const headers = one.idempotencyKey === null ? {} : { "idempotency-key": one.idempotencyKey };
    const request =
      events.length === 1
        ? client.post("/api/events", events[0], headers)
        : client.post("/api/events/batch", events, headers);
    const response = await request.catch(() => null);
    if (response === null) {
      one.lostResponses++;
      one.cutOffAt = Date.now();
      return;
    }
    if (response.status === 202) {
      one.isAcknowledged = true;
      faults.push(...acknowledge(response, one, deliveriesEach));
      return;
    }
    refusals.set(response.status, (refusals.get(response.status) ?? 0) + 1);
    await pause(REFUSED_PAUSE_MS);
    if (response.status < 500) faults.push(`an event got status ${response.status}: ${response.text}`);
  };

  const newPosted = (type: string, count: number, names: "ids" | "key" | "nothing"): Posted => {
    const newEvent = (): PostedEvent => ({
      marker: randomUUID(),
      ownId: names === "ids" ? randomUUID() : null,
      acknowledgedId: null,
    });
    const events = Array.from({ length: count }, newEvent);
    const idempotencyKey = names === "key" ? randomUUID() : null;
    const unknown = { isAcknowledged: false, lostResponses: 0, cutOffAt: null };
    const one = { type, events, idempotencyKey, postedAt: Date.now(), ...unknown };
    posted.push(one);
    return one;
  };

  const sender = async (): Promise<void> => {
    while (!isStopping) {
      const isBatch = deps.random() < 1 / BATCH_ONE_IN;
      const isCareful = deps.random() < 1 / 2;
      const names = deps.random() < 1 / 2 ? "ids" : isCareful ? "key" : "nothing";
      const one = newPosted(pick(deps.random, deps.types), isBatch ? BATCH_SIZE : 1, names);
      do await post(one, deps.deliveriesEach);
      while (isCareful && !one.isAcknowledged && !isStopping);
      await pause(deps.random() * PAUSE_MAX_MS);
    }
  };

  const senders = Array.from({ length: SENDERS }, sender);
  return {
    posted,
    refusals,
    faults,
    postOne: async (type) => {
      const one = newPosted(type, 1, "ids");
      while (!one.isAcknowledged) await post(one, 1);
      return one.events[0]?.acknowledgedId ?? "";
    },
    postBatch: async (type, size) => {
      const batch = newPosted(type, size, "ids");
      while (!batch.isAcknowledged) await post(batch, 1);
    },
    postBurst: (toUrl) => {
      const url = toUrl ?? pick(deps.random, deps.urls());
      const type = pick(deps.random, deps.types);
      const burst = Array.from({ length: BURST_SIZE }, () => newPosted(type, 1, "nothing"));
      return {
        markers: burst.flatMap(({ events }) => events.map(({ marker }) => marker)),
        responses: Promise.all(burst.map((one) => post(one, deps.deliveriesEach, url))),
      };
    },
    stop: async () => {
      isStopping = true;
      await Promise.all(senders);
    },
  };
}

function writeEvent({ marker, ownId }: PostedEvent, type: string) {
  if (ownId === null) return { type, data: { marker } };
  return { id: ownId, type, data: { id: ownId, marker } };
}

/** Keeps the ids of an acknowledgement. Returns its faults. */
function acknowledge(response: ApiResponse, one: Posted, deliveriesEach: number): string[] {
  const views: { id: string; deliveries: number }[] =
    one.events.length === 1 ? [response.body.data] : response.body.data;
  return views.flatMap(({ id, deliveries }, index) => {
    const event = one.events[index];
    if (event === undefined) return ["more events were acknowledged than were posted"];
    event.acknowledgedId = id;
    if (event.ownId !== null && event.ownId !== id) return [`event ${event.ownId} was acknowledged as ${id}`];
    if (deliveries === deliveriesEach) return [];
    return [`event ${id} was acknowledged with ${deliveries} deliveries instead of ${deliveriesEach}`];
  });
}
