import { randomBytes } from "node:crypto";
import type pg from "pg";
import type { Bus, BusChannel } from "../notify.ts";
import { channelName, readPayload, writeGap, writePayloads } from "./bus-payloads.ts";
import { ListenConnection, type ListenConnectionDeps } from "./listen-connection.ts";
import type { ListenUrls } from "./receives-notify.ts";

const CHANNELS: readonly BusChannel[] = [
  "due",
  "recall",
  "members",
  "changes",
  "interest",
  "attempts",
  "sending",
];
/** Messages per channel that wait during a NOTIFY; any more are lost, and the others receive a gap. */
const WAITING_MAX = 50_000;
const NOTIFY = "select pg_notify(name, payload) from unnest($1::text[], $2::text[]) as line (name, payload)";

type Subscriber = {
  readonly onMessages: (messages: readonly string[]) => void;
  readonly onGap: () => void;
};

type Line = {
  readonly subscribers: Subscriber[];
  /** A set, since a second equal hint adds nothing. */
  waiting: Set<string>;
  hasLost: boolean;
};

type PostgresBusDeps = ListenUrls & Pick<ListenConnectionDeps, "onListening" | "onError">;

/**
 * LISTEN and NOTIFY on a dedicated connection. NOTIFY runs outside the transactions it reports: inside, it would
 * serialize their commits (PostgreSQL takes one lock for all that notify). Messages published during one NOTIFY share
 * the next.
 */
export class PostgresBus implements Bus {
  readonly #onError: (error: Error) => void;
  readonly #connection: ListenConnection;
  readonly #sender = randomBytes(9).toString("base64url");
  readonly #lines = new Map<BusChannel, Line>(
    CHANNELS.map((channel) => [channel, { subscribers: [], waiting: new Set(), hasLost: false }]),
  );
  readonly #byName = new Map(CHANNELS.map((channel) => [channelName(channel), channel]));
  #running: Promise<void> | null = null;
  #state: "new" | "running" | "closed" = "new";

  constructor(deps: PostgresBusDeps) {
    this.#onError = deps.onError;
    this.#connection = new ListenConnection({
      ...deps,
      channels: [...this.#byName.keys()],
      onNotification: (notification) => this.#receive(notification),
      onGap: () => this.#announceGap(),
    });
  }

  get isListening(): boolean {
    return this.#connection.isListening;
  }

  publish(channel: BusChannel, messages: readonly string[]): void {
    const line = this.#lines.get(channel);
    if (line === undefined || this.#state !== "running" || messages.length === 0) return;
    if (!this.isListening || line.waiting.size + messages.length > WAITING_MAX) line.hasLost = true;
    else for (const message of messages) line.waiting.add(message);
    // Messages published in one turn of the event loop are sent together.
    if (this.#running === null) queueMicrotask(() => this.#send());
  }

  subscribe(channel: BusChannel, onMessages: Subscriber["onMessages"], onGap: Subscriber["onGap"]): void {
    this.#lines.get(channel)?.subscribers.push({ onMessages, onGap });
  }

  async start(): Promise<void> {
    if (this.#state !== "new") return;
    this.#state = "running";
    await this.#connection.start();
  }

  async close(): Promise<void> {
    if (this.#state === "closed") return;
    this.#send();
    while (this.#running !== null) await this.#running;
    this.#state = "closed";
    this.#connection.close();
  }

  #receive({ channel: name, payload }: pg.Notification): void {
    const channel = this.#byName.get(name);
    const subscribers = channel === undefined ? [] : (this.#lines.get(channel)?.subscribers ?? []);
    if (subscribers.length === 0) return;
    const received = readPayload(this.#sender, payload ?? "");
    if (received === null) return;
    for (const { onMessages, onGap } of subscribers) {
      this.#guard(() => (received.kind === "gap" ? onGap() : onMessages(received.messages)));
    }
  }

  /** An exception of a subscriber must not end the process, nor keep messages from other subscribers. */
  #guard(notify: () => void): void {
    try {
      notify();
    } catch (error) {
      this.#onError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** This process may have missed messages, and its own messages may not have reached the others. */
  #announceGap(): void {
    if (this.#state === "closed") return;
    for (const line of this.#lines.values()) {
      line.hasLost = true;
      for (const { onGap } of line.subscribers) this.#guard(onGap);
    }
    this.#send();
  }

  /** The connection runs one statement at a time; messages published meanwhile are gathered. */
  #send(): void {
    if (!this.isListening || this.#running !== null) return;
    const { names, payloads } = this.#takePayloads();
    if (payloads.length === 0) return;
    this.#running = this.#connection
      .run(NOTIFY, [names, payloads])
      .catch(() => {
        for (const name of names) this.#loseLine(name);
      })
      .finally(() => {
        this.#running = null;
        this.#send();
      });
  }

  #takePayloads(): { readonly names: string[]; readonly payloads: string[] } {
    const names: string[] = [];
    const payloads: string[] = [];
    for (const [channel, line] of this.#lines) {
      const written = writePayloads(this.#sender, line.waiting, (message) => {
        line.hasLost = true;
        const name = channelName(channel);
        this.#onError(new Error(`a message of ${message.length} characters is too long for ${name}`));
      });
      if (line.hasLost) written.push(writeGap(this.#sender));
      line.waiting = new Set();
      line.hasLost = false;
      for (const payload of written) {
        names.push(channelName(channel));
        payloads.push(payload);
      }
    }
    return { names, payloads };
  }

  #loseLine(name: string): void {
    const channel = this.#byName.get(name);
    const line = channel === undefined ? undefined : this.#lines.get(channel);
    if (line !== undefined) line.hasLost = true;
  }
}
