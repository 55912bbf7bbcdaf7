import { TIMEOUT_SECONDS_DEFAULT } from "../domain/connection.ts";
import { CommandError } from "./command-error.ts";

/** A test event takes at most its connection's timeout. */
const RESPONSE_TIMEOUT_MS = (TIMEOUT_SECONDS_DEFAULT + 5) * 1000;

/** Calls this machine's own server like a browser: with the session's cookie and the server's origin. */
export class LocalClient {
  readonly #url: string;
  #cookie = "";

  constructor(url: string) {
    this.#url = url;
  }

  /** @throws {CommandError} with the problem's detail when the server refuses the call. */
  async call(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        origin: this.#url,
        ...(this.#cookie === "" ? {} : { cookie: this.#cookie }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(RESPONSE_TIMEOUT_MS),
    });
    const cookies = response.headers.getSetCookie();
    if (cookies.length > 0) this.#cookie = cookies.map((cookie) => cookie.split(";")[0]).join("; ");
    const content: unknown = response.status === 204 ? null : await response.json();
    if (!response.ok) throw new CommandError((content as { detail?: string }).detail ?? "");
    return content;
  }
}
