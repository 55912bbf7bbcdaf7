import { Dial, type DialContext } from "./dial.ts";
import { PooledConnection } from "./pooled-connection.ts";
import { SendError } from "./send-error.ts";
import type { UrlTarget } from "./url-policy.ts";

/** The pooled connections to one origin: one per concurrent request, kept alive in between. */
export class OriginPool {
  readonly #origin: URL;
  readonly #target: UrlTarget;
  readonly #context: DialContext;
  readonly #onEmpty: (pool: OriginPool) => void;
  readonly #connections = new Set<PooledConnection>();
  /** Taken from the end, so that surplus connections grow idle and close. */
  readonly #idle: PooledConnection[] = [];
  #isRetired = false;

  constructor(origin: URL, target: UrlTarget, context: DialContext, onEmpty: (pool: OriginPool) => void) {
    this.#origin = origin;
    this.#target = target;
    this.#context = context;
    this.#onEmpty = onEmpty;
  }

  take(): PooledConnection {
    return this.#idle.pop() ?? this.open();
  }

  /** Adds a connection that is not open yet. */
  open(): PooledConnection {
    const connection = new PooledConnection(
      (requester, callback) => new Dial(this.#context, this.#origin, this.#target, requester, callback),
      (closed) => this.#dropIdle(closed),
    );
    this.#connections.add(connection);
    return connection;
  }

  /** Returns a connection to the pool if its request has ended and it can be reused. */
  release(connection: PooledConnection): void {
    if (this.#isRetired || !connection.isConnected) this.drop(connection);
    else if (this.#connections.has(connection)) this.#idle.push(connection);
  }

  /** Closes a connection, even with a request in progress. */
  drop(connection: PooledConnection): void {
    if (!this.#connections.delete(connection)) return;
    connection.destroy();
    if (this.#connections.size === 0) this.#onEmpty(this);
  }

  /** Closes idle connections now, and the others as they become free. */
  retire(): void {
    this.#isRetired = true;
    for (const connection of this.#idle.splice(0)) this.drop(connection);
  }

  /** Closes everything now; requests in progress fail as interrupted. */
  close(): void {
    this.#isRetired = true;
    this.#idle.length = 0;
    for (const connection of this.#connections) connection.destroy(new SendError("interrupted"));
  }

  #dropIdle(connection: PooledConnection): void {
    const index = this.#idle.indexOf(connection);
    if (index === -1) return;
    this.#idle.splice(index, 1);
    this.drop(connection);
  }
}
