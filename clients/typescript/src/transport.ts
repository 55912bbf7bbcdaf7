import { ApiError, NetworkError, OpenSendError, type Problem, TimeoutError } from "./errors.ts";
import { readRetryAfter } from "./retry-after.ts";
import { retryDelay } from "./retry-delay.ts";
import { VERSION } from "./version.generated.ts";

export type CallOptions = {
  /** Aborts the call at any stage, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Timeout of one attempt, in milliseconds. */
  readonly timeoutMs?: number | undefined;
};

export type Call = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: object | undefined;
  /** JSON text. */
  readonly body?: string;
  readonly idempotencyKey?: string;
};

/** Makes API calls, and retries those that may succeed later. */
export type Caller = (call: Call, options?: CallOptions) => Promise<unknown>;

export class Transport {
  readonly #url: string;
  readonly #apiKey: string;
  readonly #timeoutMs: number;
  readonly #maxRetries: number;

  constructor(url: string, apiKey: string, timeoutMs: number, maxRetries: number) {
    this.#url = url;
    this.#apiKey = apiKey;
    this.#timeoutMs = timeoutMs;
    this.#maxRetries = maxRetries;
  }

  readonly call: Caller = async (call, options = {}) => {
    for (let failures = 1; ; failures++) {
      try {
        return await this.#attempt(call, options);
      } catch (error) {
        if (!(error instanceof OpenSendError)) throw error;
        const { status = null, code = null, retryAfter = null } = error instanceof ApiError ? error : {};
        const delayMs = retryDelay({ status, code, retryAfter }, failures, this.#maxRetries, Math.random());
        if (delayMs === null) throw error;
        await pause(delayMs, options.signal);
      }
    }
  };

  async #attempt(call: Call, { signal, timeoutMs = this.#timeoutMs }: CallOptions): Promise<unknown> {
    signal?.throwIfAborted();
    const timeout = AbortSignal.timeout(timeoutMs);
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.#url}${call.path}${queryString(call.query)}`, {
        method: call.method,
        headers: this.#headers(call),
        body: call.body ?? null,
        // A redirect would send the key and the event elsewhere.
        redirect: "manual",
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
      text = await response.text();
    } catch (cause) {
      signal?.throwIfAborted();
      if (timeout.aborted) throw new TimeoutError(`No complete response within ${timeoutMs} ms.`, { cause });
      throw new NetworkError("The server could not be reached, or the connection was closed.", { cause });
    }
    return readResponse(response, text);
  }

  #headers({ body, idempotencyKey }: Call): Record<string, string> {
    return {
      authorization: `Bearer ${this.#apiKey}`,
      accept: "application/json",
      "user-agent": `opensend-client-typescript/${VERSION}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
    };
  }
}

function readResponse(response: Response, text: string): unknown {
  const value = parse(text);
  if (response.ok && (value !== undefined || response.status === 204)) return value;
  const retryAfter = readRetryAfter(response.headers.get("retry-after"), Date.now());
  const isProblem = response.headers.get("content-type")?.startsWith("application/problem+json") === true;
  const problem = isProblem && typeof value === "object" && value !== null ? (value as Problem) : {};
  throw new ApiError(response.status, problem, retryAfter);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function queryString(query: object | undefined): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null) continue;
    if (typeof value !== "object") parameters.set(name, String(value));
    // OpenAPI's deepObject style, such as metadata[customer]=42.
    else
      for (const [member, text] of Object.entries(value)) parameters.set(`${name}[${member}]`, String(text));
  }
  return parameters.size === 0 ? "" : `?${parameters}`;
}

/** Waits, unless the caller's signal aborts the wait. */
function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, delayMs);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
