import { Dial, type DialContext } from "./dial.ts";
import { PooledConnection } from "./pooled-connection.ts";
import { SendError } from "./send-error.ts";
import type { UrlTarget } from "./url-policy.ts";

/** The connections to one origin: as many as there are requests at once, kept alive in between. */
export class OriginPool {
  readonly #origin: URL;
  readonly #target: UrlTarget;
  readonly #context: DialContext;
  readonly #onEmpty: (pool: OriginPool) => void;
  readonly #connections = new Set<PooledConnection>();
  /** Taken from the end, so that what is not needed grows idle and closes. */
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

  /** A connection that is not open yet. */
  open(): PooledConnection {
    const connection = new PooledConnection(
      (asker, callback) => new Dial(this.#context, this.#origin, this.#target, asker, callback),
      (closed) => this.#dropIdle(closed),
    );
    this.#connections.add(connection);
    return connection;
  }

  /** Takes back a connection whose request has ended and that may serve another. */
  release(connection: PooledConnection): void {
    if (this.#isRetired || !connection.isConnected) this.drop(connection);
    else if (this.#connections.has(connection)) this.#idle.push(connection);
  }

  /** Closes a connection, whatever it is doing. */
  drop(connection: PooledConnection): void {
    if (!this.#connections.delete(connection)) return;
    connection.destroy();
    if (this.#connections.size === 0) this.#onEmpty(this);
  }

  /** Closes what is idle now, and the rest as it becomes free. */
  retire(): void {
    this.#isRetired = true;
    for (const connection of this.#idle.splice(0)) this.drop(connection);
  }

  /** Closes everything now; requests under way fail as interrupted. */
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
