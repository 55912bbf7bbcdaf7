import type { OnStage, Outcome, SendFailure, SendStage, Timings } from "../domain/outcome.ts";
import type { BodyText } from "./body-text.ts";
import type { Deadlines, Expiring } from "./deadlines.ts";
import { failureOf } from "./failure-of.ts";
import { type LookupRequester, NO_WORKSPACE } from "./lookup.ts";
import type { OriginPool } from "./origin-pool.ts";
import type { ConnectionRequest, PooledConnection } from "./pooled-connection.ts";
import { ResponseBody } from "./response-body.ts";
import type { ResponseHead } from "./response-head.ts";
import { roundedMs } from "./rounded-ms.ts";
import { storedHeaders } from "./stored-headers.ts";
import { writeRequest } from "./write-request.ts";

export type SendRequest = {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** From `send` to the last byte of the response; the default timeout if left out. */
  readonly timeoutMs?: number;
  /** Who a lookup of the name counts for; no workspace by default. */
  readonly requester?: LookupRequester;
};

/** A request in progress. */
export type SendUnderWay<Subject> = {
  /** The caller's identifier for it. */
  readonly subject: Subject | undefined;
  /** Reports the current stage immediately, then each later one, up to `done`. Only the latest watcher gets reports. */
  readonly watch: (onStage: OnStage) => void;
};

type Settle = {
  readonly resolve: (outcome: Outcome | Promise<Outcome>) => void;
  readonly reject: (error: unknown) => void;
};

/** Sends one POST over a pooled connection. Rejects only if the request cannot be written. */
export function sendRequest<Subject>(
  request: SendRequest,
  pool: OriginPool,
  deadlines: Deadlines<Exchange<Subject>>,
  startedAt: number,
  subject?: Subject,
  onStage: OnStage | null = null,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const exchange = new Exchange(request, pool, deadlines, startedAt, subject, { resolve, reject });
    exchange.start();
    // The connection only knows now whether the request needs a dial.
    if (onStage !== null) exchange.watch(onStage);
  });
}

/**
 * One request and its response: turns the connection's events into one outcome, then releases or closes the connection.
 */
export class Exchange<Subject> implements ConnectionRequest, Expiring, SendUnderWay<Subject> {
  readonly subject: Subject | undefined;
  readonly #request: Buffer;
  readonly #requester: LookupRequester;
  readonly #pool: OriginPool;
  readonly #deadlines: Deadlines<Exchange<Subject>>;
  readonly #startedAt: number;
  readonly #settle: Settle;
  #connection: PooledConnection;
  #wasStale = false;
  #writingAt: number | null = null;
  #sentAt: number | null = null;
  #respondedAt: number | null = null;
  #onStage: OnStage | null = null;
  #head: ResponseHead | null = null;
  #body: ResponseBody | null = null;
  #isSettled = false;

  constructor(
    { url, headers, body, requester = NO_WORKSPACE }: SendRequest,
    pool: OriginPool,
    deadlines: Deadlines<Exchange<Subject>>,
    startedAt: number,
    subject: Subject | undefined,
    settle: Settle,
  ) {
    this.#request = writeRequest({ url, headers, body });
    this.#requester = requester;
    this.#pool = pool;
    this.#deadlines = deadlines;
    this.#startedAt = startedAt;
    this.subject = subject;
    this.#settle = settle;
    this.#connection = pool.take();
  }

  start(): void {
    this.#deadlines.start(this);
    this.#connection.send(this.#request, this, this.#requester);
  }

  watch(onStage: OnStage): void {
    if (this.#isSettled) return;
    this.#onStage = onStage;
    this.#connection.watchDial(() => this.#notifyStage());
    this.#notifyStage();
  }

  onWriting(): void {
    this.#writingAt = performance.now();
  }

  onWritten(): void {
    this.#sentAt = performance.now();
    if (this.#onStage !== null) this.#notifyStage();
  }

  onHead(head: ResponseHead): void {
    this.#respondedAt = performance.now();
    this.#head = head;
    this.#body = new ResponseBody(head.headers);
    if (this.#onStage !== null) this.#notifyStage();
  }

  onBody(piece: Buffer): void {
    this.#body?.add(piece);
    if (this.#body?.isPastLimit === true) this.#complete("drop");
  }

  onEnd(canReuse: boolean): void {
    if (!this.#isSettled) this.#complete(canReuse ? "release" : "drop");
  }

  onFailure(error: Error, isStale: boolean): void {
    if (this.#isSettled) return;
    if (isStale && !this.#wasStale) {
      this.#sendAgain();
      return;
    }
    const failure = failureOf(error, this.#stage());
    if (failure === null) {
      this.#end("drop");
      this.#settle.reject(error);
    } else if (failure.code === "response_too_large") {
      this.#stopReading(failure);
    } else {
      this.#fail(failure);
    }
  }

  /**
   * Sends the request again after the receiver closed a reused connection before the first byte of its response, which
   * usually means that it never read the request (RFC 9112, section 9.3.1). A new connection proves no such thing, so
   * this happens once.
   */
  #sendAgain(): void {
    this.#wasStale = true;
    this.#writingAt = null;
    this.#sentAt = null;
    const stale = this.#connection;
    stale.watchDial(null);
    // Opened before the stale one is dropped, because an empty pool is forgotten.
    this.#connection = this.#pool.open();
    this.#pool.drop(stale);
    if (this.#onStage !== null) this.#connection.watchDial(() => this.#notifyStage());
    this.#connection.send(this.#request, this, this.#requester);
  }

  /** Ends the request when its timeout is reached. */
  expire(): void {
    if (this.#isSettled) return;
    const stage = this.#stage();
    this.#fail({
      code: stage === "dns" ? (this.#connection.dial?.overdueCode ?? "timeout") : "timeout",
      stage,
    });
  }

  /**
   * Stops reading past a limit of ours: once its status and headers have arrived, the receiver has responded, whatever
   * follows.
   */
  #stopReading(failure: SendFailure): void {
    if (this.#body === null) {
      this.#fail(failure);
      return;
    }
    this.#body.cut();
    this.#complete("drop");
  }

  #complete(next: "release" | "drop"): void {
    const timings = this.#timings();
    const head = this.#head;
    const body = this.#body?.text();
    this.#end(next);
    if (head === null || body === undefined) throw new Error("A response ended before it began.");
    const { status, statusText, headers } = head;
    const toOutcome = ({ text, truncated }: BodyText): Outcome => {
      const response = { status, statusText, headers: storedHeaders(headers), body: text, truncated };
      return { kind: "response", response, timings };
    };
    this.#settle.resolve(body instanceof Promise ? body.then(toOutcome) : toOutcome(body));
  }

  #fail(failure: SendFailure): void {
    const timings = this.#timings();
    this.#end("drop");
    this.#settle.resolve({ kind: "failure", failure, timings });
  }

  #end(next: "release" | "drop"): void {
    this.#isSettled = true;
    this.#deadlines.clear(this);
    if (this.#onStage !== null) {
      this.#connection.watchDial(null);
      this.#onStage("done", this.#timings());
    }
    if (next === "release") this.#pool.release(this.#connection);
    else this.#pool.drop(this.#connection);
  }

  #stage(): SendStage {
    if (this.#respondedAt !== null) return "body";
    if (this.#writingAt !== null) return "first_byte";
    return this.#connection.dial?.stage ?? "first_byte";
  }

  #notifyStage(): void {
    const timings = this.#timings();
    // An unfinished stage has no duration.
    this.#onStage?.(this.#stage(), this.#respondedAt === null ? { ...timings, first_byte: null } : timings);
  }

  /**
   * `dns`, `connect` (TCP, with the proxy's tunnel) and `tls` are the stages of the connection. `first_byte` runs from
   * writing the request to the end of the response's head; `sent` is the part of it until the system had accepted the
   * whole request, which does not mean that it arrived. `total` runs from the call to the end. The stage in which a
   * request failed has its duration up to the failure.
   */
  #timings(): Timings {
    const now = performance.now();
    const { dns = null, connect = null, tls = null } = this.#connection.dial?.timings ?? {};
    return {
      dns: dns === null ? null : roundedMs(dns),
      connect: connect === null ? null : roundedMs(connect),
      tls: tls === null ? null : roundedMs(tls),
      sent:
        this.#writingAt === null || this.#sentAt === null ? null : roundedMs(this.#sentAt - this.#writingAt),
      first_byte: this.#writingAt === null ? null : roundedMs((this.#respondedAt ?? now) - this.#writingAt),
      total: roundedMs(now - this.#startedAt),
    };
  }
}
