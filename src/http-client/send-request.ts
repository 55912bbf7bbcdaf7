import type { Dispatcher } from "undici";
import type {
  OnStage,
  Outcome,
  ReceivedResponse,
  SendFailure,
  SendStage,
  Timings,
} from "../domain/outcome.ts";
import type { Deadlines, Expiring } from "./deadlines.ts";
import { failureOf } from "./failure-of.ts";
import type { Lane, LaneRequest } from "./lane.ts";
import { type LookupAsker, NO_WORKSPACE } from "./lookup.ts";
import type { OriginPool } from "./origin-pool.ts";
import { NON_BODY_BYTES_MAX, NON_BODY_TOO_LARGE } from "./read-limits.ts";
import { ResponseBody } from "./response-body.ts";
import { roundedMs } from "./rounded-ms.ts";

export type SendRequest = {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Who a lookup of the name is counted for; nobody's workspace by default. */
  readonly asker?: LookupAsker;
};

type ResponseHead = Pick<ReceivedResponse, "status" | "statusText" | "headers">;

const STATUS_TEXT_LENGTH_MAX = 200;

/** A request under way. */
export type SendUnderWay<Subject> = {
  /** What the caller named it by. */
  readonly subject: Subject | undefined;
  /** Tells the stage it is in at once, then each that follows, up to `done`. Only the last who watches is told. */
  readonly watch: (onStage: OnStage) => void;
};

/** Sends one POST over a connection of the pool. Rejects only for a request that cannot be written. */
export function sendRequest<Subject>(
  request: SendRequest,
  pool: OriginPool,
  deadlines: Deadlines<Exchange<Subject>>,
  startedAt: number,
  subject?: Subject,
  onStage: OnStage | null = null,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const lane = pool.take();
    const exchange = new Exchange(lane, pool, deadlines, startedAt, subject, resolve, reject);
    deadlines.start(exchange);
    lane.dispatch(
      {
        path: `${request.url.pathname}${request.url.search}`,
        method: "POST",
        headers: request.headers,
        body: request.body,
      },
      exchange,
      request.asker ?? NO_WORKSPACE,
    );
    // Only now the lane knows whether the request needs a dial.
    if (onStage !== null) exchange.watch(onStage);
  });
}

/** One request and its answer: what undici reports becomes one outcome, and the lane goes back or is closed. */
export class Exchange<Subject> implements LaneRequest, Expiring, SendUnderWay<Subject> {
  readonly subject: Subject | undefined;
  readonly #lane: Lane;
  readonly #pool: OriginPool;
  readonly #deadlines: Deadlines<Exchange<Subject>>;
  readonly #resolve: (outcome: Outcome) => void;
  readonly #reject: (error: unknown) => void;
  readonly #startedAt: number;
  #writingAt: number | null = null;
  #sentAt: number | null = null;
  #answeredAt: number | null = null;
  #onStage: OnStage | null = null;
  #head: ResponseHead | null = null;
  readonly #body = new ResponseBody();
  #isSettled = false;

  constructor(
    lane: Lane,
    pool: OriginPool,
    deadlines: Deadlines<Exchange<Subject>>,
    startedAt: number,
    subject: Subject | undefined,
    resolve: (outcome: Outcome) => void,
    reject: (error: unknown) => void,
  ) {
    this.#lane = lane;
    this.#pool = pool;
    this.#deadlines = deadlines;
    this.#startedAt = startedAt;
    this.subject = subject;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  watch(onStage: OnStage): void {
    if (this.#isSettled) return;
    this.#onStage = onStage;
    this.#lane.watchDial(() => this.#tellStage());
    this.#tellStage();
  }

  onRequestStart(): void {
    this.#writingAt = performance.now();
  }

  /** Undici has handed all of it to the socket. */
  onRequestSent(): void {
    this.#sentAt = performance.now();
    if (this.#onStage !== null) this.#tellStage();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
    statusText = "",
  ): void {
    // An interim answer (RFC 9110, section 15.2) says nothing about the event.
    if (this.#isSettled || status < 200) return;
    this.#answeredAt = performance.now();
    this.#head = {
      status,
      statusText: statusText.slice(0, STATUS_TEXT_LENGTH_MAX),
      headers: joinRepeated(headers),
    };
    if (this.#onStage !== null) this.#tellStage();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isSettled) return;
    this.#body.add(chunk);
    if (this.#body.isPastLimit) this.#answer("drop");
  }

  /** Headers, interim responses, chunk framing and blank lines have a limit of their own, as undici has none. */
  onBytesRead(bytesRead: number): void {
    if (this.#isSettled || bytesRead - this.#body.readBytes <= NON_BODY_BYTES_MAX) return;
    this.#stopReading({ code: "response_too_large", stage: this.#stage(), detail: NON_BODY_TOO_LARGE });
  }

  onResponseEnd(): void {
    if (!this.#isSettled) this.#answer("release");
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#isSettled) return;
    const failure = failureOf(error, this.#stage(), this.#lane.peerEnded);
    if (failure === null) {
      this.#end("drop");
      this.#reject(error);
    } else if (failure.code === "response_too_large") {
      this.#stopReading(failure);
    } else {
      this.#fail(failure);
    }
  }

  /** The whole request has had its time. */
  expire(): void {
    if (this.#isSettled) return;
    const stage = this.#stage();
    this.#fail({ code: stage === "dns" ? (this.#lane.dial?.overdueCode ?? "timeout") : "timeout", stage });
  }

  /** Past a limit of ours: a receiver whose status and headers have come has answered, whatever follows them. */
  #stopReading(failure: SendFailure): void {
    if (this.#head === null) {
      this.#fail(failure);
      return;
    }
    this.#body.cut();
    this.#answer("drop");
  }

  #answer(lane: "release" | "drop"): void {
    const timings = this.#timings();
    this.#end(lane);
    if (this.#head === null) throw new Error("An answer ended before it began.");
    const response = { ...this.#head, body: this.#body.text(), truncated: this.#body.isTruncated };
    this.#resolve({ kind: "response", response, timings });
  }

  #fail(failure: SendFailure): void {
    const timings = this.#timings();
    this.#end("drop");
    this.#resolve({ kind: "failure", failure, timings });
  }

  #end(lane: "release" | "drop"): void {
    this.#isSettled = true;
    this.#deadlines.clear(this);
    if (this.#onStage !== null) {
      this.#lane.watchDial(null);
      this.#onStage("done", this.#timings());
    }
    if (lane === "release") this.#pool.release(this.#lane);
    else this.#pool.drop(this.#lane);
  }

  #stage(): SendStage {
    if (this.#answeredAt !== null) return "body";
    if (this.#writingAt !== null) return "first_byte";
    return this.#lane.dial?.stage ?? "first_byte";
  }

  #tellStage(): void {
    const timings = this.#timings();
    // What is not over yet has no figure.
    this.#onStage?.(this.#stage(), this.#answeredAt === null ? { ...timings, first_byte: null } : timings);
  }

  /**
   * `dns`, `connect` (TCP, with the proxy's tunnel) and `tls` are the stages of the connection; `first_byte` runs from
   * writing the request to the end of the answer's head, and `sent` is the part of it until the system had the whole
   * request to send, which says nothing of its arrival; `total` from the call to the end. Of the stage a request failed
   * in stands how long it lasted until then.
   */
  #timings(): Timings {
    const now = performance.now();
    const { dns = null, connect = null, tls = null } = this.#lane.dial?.timings ?? {};
    return {
      dns: dns === null ? null : roundedMs(dns),
      connect: connect === null ? null : roundedMs(connect),
      tls: tls === null ? null : roundedMs(tls),
      sent:
        this.#writingAt === null || this.#sentAt === null ? null : roundedMs(this.#sentAt - this.#writingAt),
      first_byte: this.#writingAt === null ? null : roundedMs((this.#answeredAt ?? now) - this.#writingAt),
      total: roundedMs(now - this.#startedAt),
    };
  }
}

/** Headers by their lower-case names; what came several times is one list (RFC 9110, section 5.3). */
function joinRepeated(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name, joined(value)] as const);
  return Object.fromEntries(entries);
}

function joined(value: string | string[] | undefined): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : value.join(", ");
}
