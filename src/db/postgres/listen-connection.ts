import pg from "pg";
import { type ListenUrls, receivesNotify } from "./receives-notify.ts";

const RECONNECT_MS_MIN = 100;
const RECONNECT_MS_MAX = 5000;
const CONNECT_TIMEOUT_MS = 5000;
const STATEMENT_TIMEOUT_MS = 5000;
/** The network may have cut a silent connection without notice. */
const CHECK_EVERY_MS = 15_000;
/** How often listeners are notified of a gap while notifications cannot be received. */
const GAP_EVERY_MS = 5000;
/** Gaps reported before connecting is tried again: the server may have been too busy for the check. */
const GAPS_BEFORE_TRYING = 12;

export type ListenConnectionDeps = ListenUrls & {
  readonly channels: readonly string[];
  readonly onNotification: (notification: pg.Notification) => void;
  /** Called when notifications may have been missed, repeatedly while none can be received. */
  readonly onGap: () => void;
  /** Called when notifications turn out not to arrive, and when they arrive again. */
  readonly onListening: (isListening: boolean) => void;
  readonly onError: (error: Error) => void;
};

/** A dedicated connection that listens, and reconnects whenever it is lost. */
export class ListenConnection {
  readonly #deps: ListenConnectionDeps;
  #client: pg.Client | null = null;
  #timer: NodeJS.Timeout | null = null;
  #reconnectMs = RECONNECT_MS_MIN;
  #isDisconnected = false;
  #isClosed = false;

  constructor(deps: ListenConnectionDeps) {
    this.#deps = deps;
  }

  get isListening(): boolean {
    return this.#client !== null;
  }

  /** Resolves when it listens, or when it failed and keeps trying. */
  async start(): Promise<void> {
    await this.#connect().catch((error: Error) => {
      this.#deps.onError(error);
      this.#connectLater();
    });
  }

  /** Runs a statement, one at a time. A failing statement ends the connection. */
  async run(text: string, values: readonly unknown[]): Promise<void> {
    const client = this.#client;
    if (client === null) throw new Error("the connection is lost");
    try {
      await client.query(text, [...values]);
    } catch (error) {
      this.#lose(client, error as Error);
      throw error;
    }
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    const last = this.#client;
    this.#client = null;
    if (last !== null) discard(last);
  }

  async #connect(): Promise<void> {
    const { channels, onNotification } = this.#deps;
    const next = new pg.Client({
      connectionString: this.#deps.listenUrl,
      application_name: "opensend bus",
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS,
      keepAlive: true,
    });
    next.on("error", (error) => this.#lose(next, error));
    next.on("end", () => this.#lose(next, new Error("the connection ended")));
    try {
      await next.connect();
      if (!(await receivesNotify(next, this.#deps))) {
        discard(next);
        return this.#becomeDisconnected();
      }
      next.on("notification", onNotification);
      await next.query(channels.map((channel) => `listen ${channel}`).join("; "));
    } catch (error) {
      discard(next);
      throw error;
    }
    if (this.#isClosed) return discard(next);
    this.#client = next;
    this.#reconnectMs = RECONNECT_MS_MIN;
    this.#later(CHECK_EVERY_MS, () => this.#check());
    if (this.#isDisconnected) this.#deps.onListening(true);
    this.#isDisconnected = false;
  }

  #becomeDisconnected(): void {
    if (this.#isClosed) return;
    if (!this.#isDisconnected) this.#deps.onListening(false);
    this.#isDisconnected = true;
    this.#missEverything(GAPS_BEFORE_TRYING);
  }

  #missEverything(gapsLeft: number): void {
    this.#later(GAP_EVERY_MS, () => {
      if (gapsLeft === 0) return this.#connectNow();
      this.#deps.onGap();
      this.#missEverything(gapsLeft - 1);
    });
  }

  #lose(lost: pg.Client, error: Error): void {
    if (this.#client !== lost) return;
    this.#client = null;
    this.#deps.onError(error);
    discard(lost);
    this.#connectLater();
  }

  #connectLater(): void {
    this.#later(this.#reconnectMs, () => this.#connectNow());
    this.#reconnectMs = Math.min(this.#reconnectMs * 2, RECONNECT_MS_MAX);
  }

  /** Reports a gap after connecting, since this process may have missed notifications meanwhile. */
  #connectNow(): void {
    const { databaseUrl, listenUrl, onGap } = this.#deps;
    this.#connect().then(
      () => {
        if (!this.#isClosed) onGap();
      },
      () => {
        // Other processes may still write while this one cannot listen.
        if (listenUrl !== databaseUrl && this.#reconnectMs === RECONNECT_MS_MAX) onGap();
        this.#connectLater();
      },
    );
  }

  /** One timer is enough for all states: checking the connection, reconnecting, and reporting gaps. */
  #later(delayMs: number, work: () => void): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = this.#isClosed ? null : setTimeout(work, delayMs);
  }

  #check(): void {
    this.#later(CHECK_EVERY_MS, () => this.#check());
    // The failure is reported where the connection is lost.
    if (this.#client !== null) this.run("select 1", []).catch(() => undefined);
  }
}

/** Ends a connection without waiting for a server that may no longer respond. */
function discard(client: pg.Client): void {
  client.removeAllListeners();
  client.on("error", () => undefined);
  // Missing in the types of the package.
  (client as pg.Client & { readonly unref: () => void }).unref();
  client.end().catch(() => undefined);
}
