import { findConnector } from "../../src/connectors/registry.ts";
import type { Store } from "../../src/db/open.ts";
import { Judge } from "../../src/dispatch/judge.ts";
import { Sender } from "../../src/dispatch/sender.ts";
import type { Actor } from "../../src/domain/actor.ts";
import type { PausedReason } from "../../src/domain/connection.ts";
import { VERSION } from "../../src/version.ts";
import { ConnectionRun, type Engine } from "./connection-run.ts";
import { HistoryWriter } from "./history-writer.ts";
import { metadataRows } from "./identities.ts";
import { insertRowsOf } from "./insert-rows.ts";
import type { PlannedConnection } from "./plan-connections.ts";
import { type PlannedEvent, storedEvent } from "./plan-events.ts";
import type { SeededRandom } from "./random.ts";
import { idAt } from "./seeded-id.ts";

/** Events between two checks of the queues. */
const EVENTS_PER_STEP = 500;

/** A pause that happened in the history. */
export type SeededPause = {
  readonly connectionId: string;
  readonly name: string;
  readonly reason: PausedReason;
  readonly at: number;
};

type HistoryPlan = {
  readonly actor: Actor;
  readonly connections: readonly PlannedConnection[];
  readonly events: readonly PlannedEvent[];
  readonly until: number;
};

/** Simulates the history, and writes connections, events, deliveries, attempts and statistics. Returns the pauses. */
export async function writeHistory(
  store: Store,
  { actor, connections, events, until }: HistoryPlan,
  random: SeededRandom,
): Promise<readonly SeededPause[]> {
  const { workspaceId } = actor;
  const writer = new HistoryWriter(store, until);
  const pauses: SeededPause[] = [];
  const engine = createEngine(random);
  const runs = connections.map(
    (planned) =>
      new ConnectionRun(planned, engine, {
        attempted: (judged) => writer.addAttempt(judged),
        ended: (delivery) => writer.addDelivery(delivery),
        paused: ({ id, name }, reason, at) => void pauses.push({ connectionId: id, name, reason, at }),
      }),
  );
  for (let at = 0; at < events.length; at += EVENTS_PER_STEP) {
    const step = events.slice(at, at + EVENTS_PER_STEP);
    for (const planned of step) {
      const event = storedEvent(planned, workspaceId, random);
      const subscribers = runs.filter((run) => run.subscribesTo(event));
      writer.addEvent(
        event,
        subscribers.map((run) => run.planned.row.id),
      );
      for (const run of subscribers) run.add(event, idAt(event.acceptedAt, random));
    }
    const next = events[at + EVENTS_PER_STEP]?.at ?? until;
    for (const run of runs) run.runUntil(next);
    await writer.flush();
  }
  for (const run of runs) {
    run.runUntil(until);
    for (const delivery of run.takePending()) writer.addDelivery(delivery);
  }
  await writer.flush(true);
  const rows = runs.map((run) => run.finalRow());
  await insertRowsOf(store.db, "connections", rows);
  await insertRowsOf(store.db, "connection_metadata", rows.flatMap(metadataRows));
  return pauses;
}

/** The product's own signing and judging, with a clock that the history sets. */
function createEngine(random: SeededRandom): Engine {
  const clock = { now: 0 };
  const connectorFor = (provider: string) => {
    const connector = findConnector(provider);
    if (connector === null) throw new Error(`there is no connector ${provider}`);
    return connector;
  };
  const sender = new Sender({
    connectorFor,
    version: VERSION,
    wallNow: () => clock.now,
    sendSigned: () => Promise.reject(new Error("the seed sends nothing")),
    stagesListener: () => null,
  });
  const judge = new Judge({
    connectorFor,
    wallNow: () => clock.now,
    now: () => clock.now,
    random: () => random.next(),
    onFault: (error) => {
      throw error;
    },
  });
  return { sender, judge, clock, random };
}
