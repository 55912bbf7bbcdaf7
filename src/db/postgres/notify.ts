import { randomBytes } from "node:crypto";
import pg from "pg";
import type { Bus, BusChannel } from "../notify.ts";
import { channelName, readPayload, writeGap, writePayloads } from "./bus-payloads.ts";

const CHANNELS: readonly BusChannel[] = ["due", "recall", "changes", "interest", "attempts"];
const RECONNECT_MS_MIN = 100;
const RECONNECT_MS_MAX = 5000;
const CONNECT_TIMEOUT_MS = 5000;
const STATEMENT_TIMEOUT_MS = 5000;
/** A silent connection may have been cut by what is in between without a word. */
const CHECK_EVERY_MS = 15_000;
/** Messages a channel that wait while a NOTIFY is under way; past it they are lost, and the others are told so. */
const WAITING_MAX = 50_000;
const NOTIFY = "select pg_notify(name, payload) from unnest($1::text[], $2::text[]) as line (name, payload)";

type Subscriber = {
  readonly onMessages: (messages: readonly string[]) => void;
  readonly onGap: () => void;
};

type Line = {
  readonly subscribers: Subscriber[];
  /** A set: a hint that waits already says what a second one would. */
  waiting: Set<string>;
  hasLost: boolean;
};

/**
 * LISTEN and NOTIFY on one connection of its own. NOTIFY is sent outside of the transactions it tells of: inside, it
 * would make their commits wait for each other (PostgreSQL takes one lock for all that notify). What is published while
 * one is under way goes together in the next. The connection is made again whenever it is lost.
 */
export function createPostgresBus(databaseUrl: string, onError: (error: Error) => void): Bus {
  const sender = randomBytes(9).toString("base64url");
  const lines = new Map<BusChannel, Line>(
    CHANNELS.map((channel) => [channel, { subscribers: [], waiting: new Set(), hasLost: false }]),
  );
  const byName = new Map(CHANNELS.map((channel) => [channelName(channel), channel]));
  let client: pg.Client | null = null;
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let reconnectMs = RECONNECT_MS_MIN;
  let state: "new" | "running" | "closed" = "new";

  const hear = ({ channel: name, payload }: pg.Notification) => {
    const channel = byName.get(name);
    const subscribers = channel === undefined ? [] : (lines.get(channel)?.subscribers ?? []);
    if (subscribers.length === 0) return;
    const heard = readPayload(sender, payload ?? "");
    if (heard === null) return;
    for (const { onMessages, onGap } of subscribers) {
      guard(() => (heard.kind === "gap" ? onGap() : onMessages(heard.messages)));
    }
  };

  /** What a subscriber throws must not end the process, nor keep the others from hearing. */
  const guard = (tell: () => void) => {
    try {
      tell();
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)));
    }
  };

  const lose = (lost: pg.Client, error: Error) => {
    if (client !== lost) return;
    client = null;
    onError(error);
    discard(lost);
    connectLater();
  };

  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: databaseUrl,
      application_name: "opensend bus",
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS,
      keepAlive: true,
    });
    next.on("error", (error) => lose(next, error));
    next.on("end", () => lose(next, new Error("the connection ended")));
    next.on("notification", hear);
    try {
      await next.connect();
      await next.query(CHANNELS.map((channel) => `listen ${channelName(channel)}`).join("; "));
    } catch (error) {
      discard(next);
      throw error;
    }
    if (state === "closed") return discard(next);
    client = next;
    reconnectMs = RECONNECT_MS_MIN;
    later(CHECK_EVERY_MS, check);
  };

  /** One timer is enough: either there is a connection to be checked, or there is one to be made. */
  const later = (delayMs: number, work: () => void) => {
    if (timer !== null) clearTimeout(timer);
    timer = state === "closed" ? null : setTimeout(work, delayMs);
  };

  const connectLater = () => {
    later(reconnectMs, () => {
      connect().then(tellGap, connectLater);
    });
    reconnectMs = Math.min(reconnectMs * 2, RECONNECT_MS_MAX);
  };

  /** This process may have missed something, and others something of its own: it did not hear who wants to know. */
  const tellGap = () => {
    if (state === "closed") return;
    for (const line of lines.values()) {
      line.hasLost = true;
      for (const { onGap } of line.subscribers) guard(onGap);
    }
    send();
  };

  /** The connection runs one statement at a time; what is published meanwhile gathers. */
  const run = (by: pg.Client, text: string, values: readonly unknown[], onFailure: () => void) => {
    running = by
      .query(text, [...values])
      .then(
        () => undefined,
        (error: Error) => {
          onFailure();
          lose(by, error);
        },
      )
      .finally(() => {
        running = null;
        send();
      });
  };

  const check = () => {
    later(CHECK_EVERY_MS, check);
    if (client !== null && running === null) run(client, "select 1", [], () => undefined);
  };

  const takePayloads = () => {
    const names: string[] = [];
    const payloads: string[] = [];
    for (const [channel, line] of lines) {
      const written = writePayloads(sender, line.waiting, (message) => {
        line.hasLost = true;
        onError(
          new Error(`a message of ${message.length} characters is too long for ${channelName(channel)}`),
        );
      });
      if (line.hasLost) written.push(writeGap(sender));
      line.waiting = new Set();
      line.hasLost = false;
      for (const payload of written) {
        names.push(channelName(channel));
        payloads.push(payload);
      }
    }
    return { names, payloads };
  };

  const send = () => {
    if (client === null || running !== null) return;
    const { names, payloads } = takePayloads();
    if (payloads.length === 0) return;
    run(client, NOTIFY, [names, payloads], () => {
      for (const name of names) loseLine(byName.get(name));
    });
  };

  const loseLine = (channel: BusChannel | undefined) => {
    const line = channel === undefined ? undefined : lines.get(channel);
    if (line !== undefined) line.hasLost = true;
  };

  return {
    publish: (channel, messages) => {
      const line = lines.get(channel);
      if (line === undefined || state !== "running" || messages.length === 0) return;
      if (client === null || line.waiting.size + messages.length > WAITING_MAX) line.hasLost = true;
      else for (const message of messages) line.waiting.add(message);
      // What is published in one turn of the event loop goes together.
      if (running === null) queueMicrotask(send);
    },
    subscribe: (channel, onMessages, onGap) => {
      lines.get(channel)?.subscribers.push({ onMessages, onGap });
    },
    start: async () => {
      if (state !== "new") return;
      state = "running";
      await connect().catch((error: Error) => {
        onError(error);
        connectLater();
      });
    },
    close: async () => {
      if (state === "closed") return;
      send();
      while (running !== null) await running;
      state = "closed";
      if (timer !== null) clearTimeout(timer);
      const last = client;
      client = null;
      if (last !== null) discard(last);
    },
  };
}

/** Ends a connection without waiting for a server that may not answer any more. */
function discard(client: pg.Client): void {
  client.removeAllListeners();
  client.on("error", () => undefined);
  // Missing in the types of the package.
  (client as pg.Client & { readonly unref: () => void }).unref();
  client.end().catch(() => undefined);
}
