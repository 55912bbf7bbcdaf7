import type { AcceptedEvent, Caller } from "./api.generated.ts";
import { Connections } from "./connections.ts";
import { Deliveries } from "./deliveries.ts";
import { ApiError, BatchError, OpenSendError } from "./errors.ts";
import { Events } from "./events.ts";
import { type NewEvent, type WrittenEvent, writeEvent } from "./new-event.ts";
import { splitBatch } from "./split-batch.ts";
import { type CallOptions, Transport } from "./transport.ts";

export type { CallOptions } from "./transport.ts";

export type OpenSendOptions = {
  /** URL of the server, such as `https://opensend.example.com`. Default: OPENSEND_URL in the environment. */
  readonly url?: string | undefined;
  /** Default: OPENSEND_API_KEY in the environment. */
  readonly apiKey?: string | undefined;
  /** Timeout of one attempt, in milliseconds. Default: 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Maximum number of attempts after the first. Default: 5. */
  readonly maxRetries?: number | undefined;
};

const TIMEOUT_MS = 10_000;
const RETRIES = 5;

/** A client of an OpenSend server. */
export class OpenSend {
  readonly connections: Connections;
  readonly events: Events;
  readonly deliveries: Deliveries;
  readonly #transport: Transport;

  constructor(options: OpenSendOptions = {}) {
    const url = checkedUrl(options.url ?? environment("OPENSEND_URL"));
    const apiKey = checkedKey(options.apiKey ?? environment("OPENSEND_API_KEY"));
    const { timeoutMs = TIMEOUT_MS, maxRetries = RETRIES } = options;
    this.#transport = new Transport(url, apiKey, timeoutMs, maxRetries);
    const { call } = this.#transport;
    this.connections = new Connections(call);
    this.events = new Events(call);
    this.deliveries = new Deliveries(call);
  }

  /** Describes the API key: its access, scopes and workspace. Every key can call this. */
  async me(options?: CallOptions): Promise<Caller> {
    const response = await this.#transport.call({ method: "GET", path: "/api/me" }, options);
    return (response as { data: Caller }).data;
  }

  /** Sends an event. Returns once the server has stored it; a retry is not stored twice. */
  async send(event: NewEvent, options?: CallOptions): Promise<AcceptedEvent> {
    const { text } = writeEvent(event);
    const response = await this.#transport.call({ method: "POST", path: "/api/events", body: text }, options);
    return (response as { data: AcceptedEvent }).data;
  }

  /**
   * Sends events in order, in as few requests as the server's limits allow. Returns the accepted events in the same
   * order. Each request stores all of its events or none: if one fails, BatchError says which events remain.
   */
  async sendBatch(events: readonly NewEvent[], options?: CallOptions): Promise<AcceptedEvent[]> {
    const written = events.map(writeEvent);
    const encoder = new TextEncoder();
    const sizes = splitBatch(written.map(({ text }) => encoder.encode(text).byteLength));
    const accepted: AcceptedEvent[] = [];
    let from = 0;
    try {
      for (const size of sizes) {
        await this.#sendAll(written.slice(from, from + size), accepted, options);
        from += size;
      }
    } catch (error) {
      if (!(error instanceof OpenSendError)) throw error;
      const remaining = written.slice(accepted.length).map(({ event }) => event);
      throw new BatchError(accepted, remaining, error);
    }
    return accepted;
  }

  /** Uses one request, or two halves if a proxy in front of the server has a lower limit than the server. */
  async #sendAll(
    events: readonly WrittenEvent[],
    accepted: AcceptedEvent[],
    options: CallOptions | undefined,
  ): Promise<void> {
    const body = `[${events.map(({ text }) => text).join(",")}]`;
    try {
      const response = await this.#transport.call(
        { method: "POST", path: "/api/events/batch", body },
        options,
      );
      accepted.push(...(response as { data: AcceptedEvent[] }).data);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 413 || events.length === 1) throw error;
      const half = Math.ceil(events.length / 2);
      await this.#sendAll(events.slice(0, half), accepted, options);
      await this.#sendAll(events.slice(half), accepted, options);
    }
  }
}

function environment(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  return process?.env?.[name];
}

function checkedUrl(given: string | undefined): string {
  if (given === undefined || given === "")
    throw new TypeError("Set `url`, or OPENSEND_URL in the environment.");
  const url = URL.canParse(given) ? new URL(given) : null;
  const isPlain =
    url !== null && /^https?:$/.test(url.protocol) && url.username + url.search + url.hash === "";
  if (!isPlain) throw new TypeError("`url` must be the http:// or https:// address of the server.");
  return url.href.replace(/\/+$/, "");
}

/** Checked here, because fetch would quote an invalid key in its error. */
function checkedKey(key: string | undefined): string {
  if (key === undefined || key === "") {
    throw new TypeError("Set `apiKey`, or OPENSEND_API_KEY in the environment.");
  }
  if (!/^[\x21-\x7e]+$/.test(key)) throw new TypeError("`apiKey` has a character that no key has.");
  return key;
}
