import type { StoredEvent } from "../../src/ingest/event-rows.ts";
import { byFrequency, eventData, RETIRED_TYPES } from "./event-types.ts";
import type { PlannedConnection } from "./plan-connections.ts";
import { type SeededRandom, WeightedChoice } from "./random.ts";
import { idAt } from "./seeded-id.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

type History = { readonly from: number; readonly until: number };

/** A planned event: its data is written only when its turn comes, to save memory. */
export type PlannedEvent = { readonly type: string; readonly at: number };

type EventPlan = {
  readonly types: readonly string[];
  readonly connections: readonly PlannedConnection[];
  readonly deliveries: number;
  readonly history: History;
};

/** The share of events whose type was sent only in the first part of the history. */
const RETIRED_SHARE = 0.004;
const RETIRED_UNTIL = 0.8;

/** Enough events, oldest first, for the wanted number of deliveries. */
export function planEvents(plan: EventPlan, random: SeededRandom): readonly PlannedEvent[] {
  const { connections, deliveries, history } = plan;
  const chosen: string[] = [];
  const choice = byFrequency(plan.types);
  const fanOut = new Map(
    [...plan.types, ...RETIRED_TYPES].map((type) => [
      type,
      connections.filter(({ subscribesTo }) => subscribesTo(type)).length,
    ]),
  );
  // If no connection subscribes to any type, only events are stored.
  for (let planned = 0; planned < deliveries && chosen.length < deliveries; ) {
    const isRetired = random.chance(RETIRED_SHARE);
    const type = isRetired ? random.pick(RETIRED_TYPES) : (plan.types[choice.draw(random)] ?? "");
    chosen.push(type);
    planned += fanOut.get(type) ?? 0;
  }
  const moments = momentsOf(history, chosen.length, random);
  const retiredAt = history.from + RETIRED_UNTIL * (history.until - history.from);
  const isRetired = (type: string) => RETIRED_TYPES.some((retired) => retired === type);
  const events = chosen.map((type, index) => {
    const at = moments[index] ?? history.until;
    return { type: isRetired(type) && at >= retiredAt ? (plan.types[0] ?? "") : type, at };
  });
  return [...events, ...eventsForPauses(plan, random)].sort((a, b) => a.at - b.at);
}

/** A Retry-After pause lasts an hour, so each connection that should have one gets an event within the last hour. */
function eventsForPauses({ connections, history }: EventPlan, random: SeededRandom): PlannedEvent[] {
  return connections
    .filter(({ behavior }) => behavior.troubles.some(({ hasLongPause }) => hasLongPause))
    .map(({ row }) => ({
      type: (JSON.parse(row.event_types) as string[])[0] ?? "",
      at: history.until - random.int(5, 35) * MINUTE_MS,
    }));
}

/** Times by day and night, in order: most events are sent on weekday afternoons (UTC). */
function momentsOf({ from, until }: History, count: number, random: SeededRandom): readonly number[] {
  const minutes = Math.max(1, Math.floor((until - from) / MINUTE_MS));
  const byMinute = new WeightedChoice(
    Array.from({ length: minutes }, (_, minute) => trafficAt(from + minute * MINUTE_MS)),
  );
  return Array.from({ length: count }, (_, index) => {
    const minute = byMinute.at((index + random.next()) / count);
    return from + minute * MINUTE_MS + random.int(0, MINUTE_MS - 1);
  }).sort((a, b) => a - b);
}

function trafficAt(time: number): number {
  const hour = (time % DAY_MS) / HOUR_MS;
  const weekday = new Date(time).getUTCDay();
  const isWeekend = weekday === 0 || weekday === 6;
  const daylight = Math.max(0, Math.cos(((hour - 14) / 24) * 2 * Math.PI));
  return (0.2 + daylight) * (isWeekend ? 0.45 : 1);
}

/** The event in its stored form. */
export function storedEvent(
  { type, at }: PlannedEvent,
  workspaceId: string,
  random: SeededRandom,
): StoredEvent {
  const dataJson = eventData(type, at, random);
  return {
    id: idAt(at, random),
    workspaceId,
    type,
    createdAt: at - random.int(0, 400),
    dataJson,
    dataBytes: Buffer.byteLength(dataJson),
    acceptedAt: at,
    traceContext: null,
    origin: "application",
    idempotencyKey: null,
  };
}
