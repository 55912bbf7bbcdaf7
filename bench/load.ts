import { benchType, createEventWriter, type EventWriter } from "./rig/bench-event.ts";
import { openPostClient, type PostClient } from "./rig/post-client.ts";
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
const OPEN_LOOP_CLIENTS = 64;

function eventWriters({ connections }: LoadTarget): EventWriter[] {
  return Array.from({ length: connections }, (_, index) => createEventWriter(benchType(index)));
}

async function withClients<T>(
  url: string,
  count: number,
  work: (clients: PostClient[]) => Promise<T>,
): Promise<T> {
  const clients = Array.from({ length: count }, () => openPostClient(url));
  try {
    return await work(clients);
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}

async function post(client: PostClient, { key }: LoadTarget, path: string, body: string): Promise<void> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const status = await client.post(path, headers, body);
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
    let posted = 0;
    const next = (): string => writers[posted++ % writers.length]?.(wallClock()) ?? "";
    return withClients(input.url, input.clients, async (clients) => {
      const startedAt = wallClock();
      const run = async (client: PostClient): Promise<void> => {
        while (posted < input.events) {
          if (size === 1) await post(client, input, "/api/events", next());
          else await post(client, input, "/api/events/batch", `[${Array.from({ length: size }, next)}]`);
        }
      };
      await Promise.all(clients.map(run));
      return { events: posted, startedAt, endedAt: wallClock() };
    });
  },

  /** Posts single events at a fixed rate, whether or not earlier posts have got a response. */
  openLoop: (
    input: LoadTarget & { readonly ratePerSecond: number; readonly durationMs: number },
  ): Promise<Accepted & { readonly responseMs: readonly number[] }> => {
    const writers = eventWriters(input);
    return withClients(input.url, OPEN_LOOP_CLIENTS, async (clients) => {
      const startedAt = wallClock();
      const running: Promise<number>[] = [];
      const postTimed = async (client: PostClient, event: string) => {
        const begunAt = performance.now();
        await post(client, input, "/api/events", event);
        return performance.now() - begunAt;
      };
      const events = Math.floor((input.ratePerSecond * input.durationMs) / 1000);
      await new Promise<void>((resolve) => {
        const timer = setInterval(() => {
          const due = Math.min(events, ((wallClock() - startedAt) * input.ratePerSecond) / 1000);
          while (running.length < due) {
            const client = clients[running.length % clients.length];
            const event = writers[running.length % writers.length]?.(wallClock());
            if (client !== undefined && event !== undefined) running.push(postTimed(client, event));
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
