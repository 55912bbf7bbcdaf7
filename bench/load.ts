import { benchType, createEventWriter, type EventWriter } from "./rig/bench-event.ts";
import { type Lane, openLane } from "./rig/lane.ts";
import { serveCalls } from "./rig/serve-calls.ts";
import { wallClock } from "./rig/wall-clock.ts";

/** Posts events to the API as an application does. */
export type LoadTarget = {
  readonly url: string;
  readonly key: string;
  /** The number of event types, which take turns; each has one connection. */
  readonly connections: number;
};

export type Accepted = {
  readonly events: number;
  /** Epoch milliseconds: the start of the first post, and the response to the last one. */
  readonly startedAt: number;
  readonly endedAt: number;
};

const BATCH_EVENTS = 100;
const ACCEPTED = 202;
/** For the open loop: more than are busy at a rate the server can sustain. */
const OPEN_LOOP_LANES = 64;

function eventWriters({ connections }: LoadTarget): EventWriter[] {
  return Array.from({ length: connections }, (_, index) => createEventWriter(benchType(index)));
}

async function withLanes<T>(url: string, count: number, work: (lanes: Lane[]) => Promise<T>): Promise<T> {
  const lanes = Array.from({ length: count }, () => openLane(url));
  try {
    return await work(lanes);
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
  }
}

async function post(lane: Lane, { key }: LoadTarget, path: string, body: string): Promise<void> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const status = await lane.post(path, headers, body);
  if (status !== ACCEPTED) throw new Error(`${path} returned ${status}`);
}

const calls = {
  /** Posts events from several clients as fast as they are accepted: one per request, or a hundred. */
  closedLoop: (
    input: LoadTarget & {
      readonly form: "single" | "batch";
      readonly clients: number;
      readonly events: number;
    },
  ): Promise<Accepted> => {
    const writers = eventWriters(input);
    const size = input.form === "single" ? 1 : BATCH_EVENTS;
    let taken = 0;
    const next = (): string => writers[taken++ % writers.length]?.(wallClock()) ?? "";
    return withLanes(input.url, input.clients, async (lanes) => {
      const startedAt = wallClock();
      const run = async (lane: Lane): Promise<void> => {
        while (taken < input.events) {
          if (size === 1) await post(lane, input, "/api/events", next());
          else await post(lane, input, "/api/events/batch", `[${Array.from({ length: size }, next)}]`);
        }
      };
      await Promise.all(lanes.map(run));
      return { events: taken, startedAt, endedAt: wallClock() };
    });
  },

  /** Posts single events at a fixed rate, whether or not earlier posts have got a response. */
  openLoop: (
    input: LoadTarget & { readonly ratePerSecond: number; readonly durationMs: number },
  ): Promise<Accepted & { readonly responseMs: readonly number[] }> => {
    const writers = eventWriters(input);
    return withLanes(input.url, OPEN_LOOP_LANES, async (lanes) => {
      const startedAt = wallClock();
      const running: Promise<number>[] = [];
      const postTimed = async (lane: Lane, event: string) => {
        const begunAt = performance.now();
        await post(lane, input, "/api/events", event);
        return performance.now() - begunAt;
      };
      const events = Math.floor((input.ratePerSecond * input.durationMs) / 1000);
      await new Promise<void>((resolve) => {
        const timer = setInterval(() => {
          const due = Math.min(events, ((wallClock() - startedAt) * input.ratePerSecond) / 1000);
          while (running.length < due) {
            const lane = lanes[running.length % lanes.length];
            const event = writers[running.length % writers.length]?.(wallClock());
            if (lane !== undefined && event !== undefined) running.push(postTimed(lane, event));
          }
          if (running.length < events) return;
          clearInterval(timer);
          resolve();
        }, 1);
      });
      const responseMs = await Promise.all(running);
      return { events, startedAt, endedAt: wallClock(), responseMs };
    });
  },
};

export type LoadCalls = typeof calls;
serveCalls(calls);
