import { randomUUID } from "node:crypto";
import { type Answer, ApiClient } from "../support/api-client.ts";
import { pause } from "./pause.ts";
import { pick, type Random } from "./random.ts";

const SENDERS = 4;
/** Some twelve events a second, most of them alone. */
const PAUSE_MAX_MS = 900;
const BATCH_ONE_IN = 8;
const BATCH_SIZE = 8;
const NO_SERVER_PAUSE_MS = 50;
const REFUSED_PAUSE_MS = 100;

/** What a sender knows of the events of one request. */
export type Posted = {
  readonly type: string;
  readonly ids: readonly string[];
  readonly postedAt: number;
  /** It was answered with 202. Otherwise the events may be stored or not, but all or none of them. */
  isAcknowledged: boolean;
  /** Times it was sent without learning what came of it. */
  unanswered: number;
  /** Until when, if it was never answered: then a kill may have cut it off. */
  cutOffAt: number | null;
};

export type Load = {
  readonly posted: readonly Posted[];
  /** Answers by status, apart from 202. */
  readonly refusals: ReadonlyMap<number, number>;
  /** Answers that must never come. */
  readonly faults: readonly string[];
  /** Posts one event until it is acknowledged and returns its id. */
  readonly postOne: (type: string) => Promise<string>;
  /** Resolves when all senders have ended. */
  readonly stop: () => Promise<void>;
};

/**
 * Posts events with ids of their own, alone and in batches, to whichever server is there. Of what got no answer, half is
 * sent again with the same ids until it is acknowledged, as a careful application does, and half is left alone.
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

  const post = async (one: Posted, deliveriesEach: number): Promise<void> => {
    while (deps.urls().length === 0) await pause(NO_SERVER_PAUSE_MS);
    const client = new ApiClient(pick(deps.random, deps.urls()), { key: deps.key });
    const events = one.ids.map((id) => ({ id, type: one.type, data: { id } }));
    const request =
      events.length === 1 ? client.post("/api/events", events[0]) : client.post("/api/events/batch", events);
    const answer = await request.catch(() => null);
    if (answer === null) {
      one.unanswered++;
      one.cutOffAt = Date.now();
      return;
    }
    if (answer.status === 202) {
      one.isAcknowledged = true;
      faults.push(...findFaults(answer, one, deliveriesEach));
      return;
    }
    refusals.set(answer.status, (refusals.get(answer.status) ?? 0) + 1);
    await pause(REFUSED_PAUSE_MS);
    if (answer.status < 500) faults.push(`an event was answered ${answer.status}: ${answer.text}`);
  };

  const newPosted = (type: string, count: number): Posted => {
    const ids = Array.from({ length: count }, () => randomUUID());
    const one = { type, ids, postedAt: Date.now(), isAcknowledged: false, unanswered: 0, cutOffAt: null };
    posted.push(one);
    return one;
  };

  const sender = async (): Promise<void> => {
    while (!isStopping) {
      const isBatch = deps.random() < 1 / BATCH_ONE_IN;
      const one = newPosted(pick(deps.random, deps.types), isBatch ? BATCH_SIZE : 1);
      const isCareful = deps.random() < 1 / 2;
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
      const one = newPosted(type, 1);
      while (!one.isAcknowledged) await post(one, 1);
      return one.ids[0] ?? "";
    },
    stop: async () => {
      isStopping = true;
      await Promise.all(senders);
    },
  };
}

function findFaults(answer: Answer, one: Posted, deliveriesEach: number): string[] {
  const views: { id: string; deliveries: number }[] =
    one.ids.length === 1 ? [answer.body.data] : answer.body.data;
  return views.flatMap(({ id, deliveries }, index) => {
    if (id !== one.ids[index]) return [`event ${one.ids[index]} was acknowledged as ${id}`];
    if (deliveries === deliveriesEach) return [];
    return [`event ${id} was acknowledged with ${deliveries} deliveries instead of ${deliveriesEach}`];
  });
}
