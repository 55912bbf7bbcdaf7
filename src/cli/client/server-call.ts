import { setTimeout as wait } from "node:timers/promises";
import { CommandError } from "../command-error.ts";
import { ApiError, type Problem } from "./api-error.ts";

/** A test event takes up to its connection's timeout, at most 60 s. */
const RESPONSE_TIMEOUT_MS = 75_000;
const ATTEMPTS_MAX = 4;
const FIRST_PAUSE_MS = 500;
/** If the server asks for a longer pause, the command fails and says so. */
const PAUSE_MS_MAX = 30_000;
const RETRIED = new Set([502, 503, 504]);
const LOST = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export type CallOptions = {
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** A string is sent unchanged, anything else as JSON. */
  readonly body?: unknown;
  /** Makes a repeated request harmless, on calls that honor the key. */
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether repeating the request has no further effect. Left out, the method decides (RFC 9110, 9.2.2). */
  readonly isRepeatable?: boolean;
};

export type ServerAddress = { readonly url: string; readonly key: string; readonly version: string };

/** Calls the API of a server with a key. Repeatable calls are retried when the server or the network fails. */
export class ServerCall {
  readonly #address: ServerAddress;

  constructor(address: ServerAddress) {
    this.#address = address;
  }

  get url(): string {
    return this.#address.url;
  }

  /**
   * The body of the response; null without one.
   *
   * @throws {ApiError} when the server refuses the call; {CommandError} when no server responds.
   */
  async call<Body = unknown>(method: Method, path: string, options: CallOptions = {}): Promise<Body> {
    const isRepeatable = options.isRepeatable ?? (method !== "POST" || options.idempotencyKey !== undefined);
    for (let attempt = 1; ; attempt++) {
      const signal = AbortSignal.timeout(RESPONSE_TIMEOUT_MS);
      const outcome = await this.#send(method, path, options, signal).catch(asNoResponse);
      const isRetried = attempt < ATTEMPTS_MAX && mayRepeat(outcome, isRepeatable);
      const pauseMs = isRetried ? pauseOf(outcome, attempt) : Number.POSITIVE_INFINITY;
      if (pauseMs > PAUSE_MS_MAX) {
        if (outcome instanceof NoResponseError) throw outcome;
        return (await this.#read(outcome)) as Body;
      }
      if (outcome instanceof Response) await outcome.body?.cancel();
      await wait(pauseMs);
    }
  }

  /** Opens the stream of changes. @throws as `call` does. */
  async openStream(lastId: string | null, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const headers = { accept: "text/event-stream", ...(lastId === null ? {} : { "last-event-id": lastId }) };
    const response = await this.#send("GET", "/api/stream", { headers }, signal);
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
    if (response.ok && isStream && response.body !== null) return response.body;
    await this.#read(response);
    throw new CommandError(`${this.url} does not return a stream. Check OPENSEND_URL.`);
  }

  async #send(method: Method, path: string, options: CallOptions, signal: AbortSignal): Promise<Response> {
    const { url, key, version } = this.#address;
    const { body, idempotencyKey } = options;
    const query = Object.entries(options.query ?? {}).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    const search = query.length === 0 ? "" : `?${new URLSearchParams(query)}`;
    const response = await fetch(`${url}${path}${search}`, {
      method,
      // Redirects are not followed, so that the key only goes to the named server.
      redirect: "manual",
      headers: {
        authorization: `Bearer ${key}`,
        "user-agent": `opensend-cli/${version}`,
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      signal,
    }).catch((error: unknown) => {
      throw new NoResponseError(url, error);
    });
    if (response.status < 300 || response.status >= 400) return response;
    const target = URL.parse(response.headers.get("location") ?? "", url)?.origin ?? "another address";
    throw new CommandError(
      `${url} redirects to ${target}. Set OPENSEND_URL to the address that the server has.`,
    );
  }

  async #read(response: Response): Promise<unknown> {
    const text = await response.text().catch((error: unknown) => {
      throw new NoResponseError(this.url, error);
    });
    const body = readJson(text);
    if (response.ok && (text === "" || body !== undefined)) return body ?? null;
    if (typeof body === "object" && body !== null && "code" in body) {
      throw new ApiError(response.status, body as Problem);
    }
    throw new CommandError(
      `${this.url} returned ${response.status}, and not as OpenSend does. Check OPENSEND_URL, and any proxy in front of the server.`,
    );
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether to retry. A request refused with 429 was not executed, so any request can be retried. */
function mayRepeat(outcome: Response | NoResponseError, isRepeatable: boolean): boolean {
  if (outcome instanceof NoResponseError) return isRepeatable && outcome.isPassing;
  return outcome.status === 429 || (isRepeatable && RETRIED.has(outcome.status));
}

function pauseOf(outcome: Response | NoResponseError, attempt: number): number {
  const retryAfter = outcome instanceof Response ? outcome.headers.get("retry-after") : null;
  const seconds = Number(retryAfter ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : FIRST_PAUSE_MS * 2 ** (attempt - 1);
}

/** No server responded. Neither message nor cause contains a secret. */
class NoResponseError extends CommandError {
  override readonly name = "NoResponseError";
  /** Whether a retry may succeed, as when a connection is lost during a server restart. */
  readonly isPassing: boolean;

  constructor(url: string, error: unknown) {
    const { name, cause } = error as Error;
    const { code, message = "unknown error" } = (cause ?? error) as NodeJS.ErrnoException;
    super(
      name === "TimeoutError"
        ? `${url} did not respond within ${RESPONSE_TIMEOUT_MS / 1000} s.`
        : `No server responds at ${url} (${code ?? message}). Start one with \`opensend start\`, or set OPENSEND_URL.`,
      { cause: error },
    );
    this.isPassing = code !== undefined && LOST.has(code);
  }
}

function asNoResponse(error: unknown): NoResponseError {
  if (error instanceof NoResponseError) return error;
  throw error;
}
