import type { Dispatcher } from "undici";
import type { Outcome, ReceivedResponse, SendFailure, SendStage, Timings } from "../core/outcome.ts";
import type { Deadlines, Expiring } from "./deadlines.ts";
import { failureOf } from "./failure-of.ts";
import type { Lane } from "./lane.ts";
import type { OriginPool } from "./origin-pool.ts";
import { ResponseBody } from "./response-body.ts";
import { roundedMs } from "./rounded-ms.ts";

export type SendRequest = {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

type ResponseHead = Pick<ReceivedResponse, "status" | "statusText" | "headers">;

const STATUS_TEXT_LENGTH_MAX = 200;

/** Sends one POST over a connection of the pool. Rejects only for a request that cannot be written. */
export function sendRequest(
  request: SendRequest,
  pool: OriginPool,
  deadlines: Deadlines,
  startedAt: number,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const lane = pool.take();
    const exchange = new Exchange(lane, pool, deadlines, startedAt, resolve, reject);
    deadlines.start(exchange);
    lane.dispatch(
      {
        path: `${request.url.pathname}${request.url.search}`,
        method: "POST",
        headers: request.headers,
        body: request.body,
      },
      exchange,
    );
  });
}

/** One request and its answer: what undici reports becomes one outcome, and the lane goes back or is closed. */
class Exchange implements Dispatcher.DispatchHandler, Expiring {
  readonly #lane: Lane;
  readonly #pool: OriginPool;
  readonly #deadlines: Deadlines;
  readonly #resolve: (outcome: Outcome) => void;
  readonly #reject: (error: unknown) => void;
  readonly #startedAt: number;
  #sentAt: number | null = null;
  #answeredAt: number | null = null;
  #head: ResponseHead | null = null;
  readonly #body = new ResponseBody();
  #isSettled = false;

  constructor(
    lane: Lane,
    pool: OriginPool,
    deadlines: Deadlines,
    startedAt: number,
    resolve: (outcome: Outcome) => void,
    reject: (error: unknown) => void,
  ) {
    this.#lane = lane;
    this.#pool = pool;
    this.#deadlines = deadlines;
    this.#startedAt = startedAt;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(): void {
    this.#sentAt = performance.now();
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
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isSettled) return;
    this.#body.add(chunk);
    if (this.#body.isPastLimit) this.#answer("drop");
  }

  onResponseEnd(): void {
    if (!this.#isSettled) this.#answer("release");
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#isSettled) return;
    const failure = failureOf(error, this.#stage(), this.#lane.peerEnded);
    if (failure !== null) {
      this.#fail(failure);
      return;
    }
    this.#end("drop");
    this.#reject(error);
  }

  /** The whole request has had its time. */
  expire(): void {
    if (!this.#isSettled) this.#fail({ code: "timeout", stage: this.#stage() });
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
    if (lane === "release") this.#pool.release(this.#lane);
    else this.#pool.drop(this.#lane);
  }

  #stage(): SendStage {
    if (this.#answeredAt !== null) return "body";
    if (this.#sentAt !== null) return "first_byte";
    return this.#lane.dial?.stage ?? "first_byte";
  }

  /**
   * `dns`, `connect` (TCP, with the proxy's tunnel) and `tls` are the stages of the connection; `first_byte` runs from
   * writing the request to the end of the answer's head; `total` from the call to the end. Of the stage a request
   * failed in stands how long it lasted until then.
   */
  #timings(): Timings {
    const now = performance.now();
    const { dns = null, connect = null, tls = null } = this.#lane.dial?.timings ?? {};
    return {
      dns: dns === null ? null : roundedMs(dns),
      connect: connect === null ? null : roundedMs(connect),
      tls: tls === null ? null : roundedMs(tls),
      first_byte: this.#sentAt === null ? null : roundedMs((this.#answeredAt ?? now) - this.#sentAt),
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
