import type {
  Connection,
  ConnectRequest,
  FindConnectionsRequest,
  ListConnectionsQuery,
  ListedConnection,
  PutConnectionRequest,
  RotateSecretRequest,
  TestDelivery,
  UpdateConnectionRequest,
} from "./api.generated.ts";
import { eachItem, type Page } from "./pages.ts";
import type { Call, Caller, CallOptions } from "./transport.ts";

/** A test waits for the receiver, which can take as long as the connection's timeout. */
const TEST_TIMEOUT_MS = 75_000;
const CONNECTIONS = "/api/integrations/connections";

/** Connections, to which events are delivered. */
export class Connections {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  /** A page of the connections that are not disconnected, newest first. */
  async list(query: ListConnectionsQuery = {}, options?: CallOptions): Promise<Page<ListedConnection>> {
    const page = await this.#call({ method: "GET", path: CONNECTIONS, query }, options);
    return page as Page<ListedConnection>;
  }

  /** All connections, page by page. */
  all(
    query: ListConnectionsQuery = {},
    options?: CallOptions,
  ): AsyncGenerator<ListedConnection, void, undefined> {
    return eachItem((cursor = query.cursor) => this.list({ ...query, cursor }, options));
  }

  create(connection: ConnectRequest, options?: CallOptions): Promise<Connection> {
    const body = JSON.stringify(connection);
    const idempotencyKey = crypto.randomUUID();
    return this.#one({ method: "POST", path: "/api/integrations/webhook", body, idempotencyKey }, options);
  }

  get(id: string, options?: CallOptions): Promise<Connection> {
    return this.#one({ method: "GET", path: pathOf(id) }, options);
  }

  /** Changes the given fields; null removes a value. */
  update(id: string, changes: UpdateConnectionRequest, options?: CallOptions): Promise<Connection> {
    return this.#one({ method: "PATCH", path: pathOf(id), body: JSON.stringify(changes) }, options);
  }

  /** Disconnects: destroys the URL and the secret, cancels pending deliveries and keeps the history. */
  delete(id: string, options?: CallOptions): Promise<Connection> {
    return this.#one({ method: "DELETE", path: pathOf(id) }, options);
  }

  pause(id: string, options?: CallOptions): Promise<Connection> {
    return this.#one({ method: "POST", path: `${pathOf(id)}/pause` }, options);
  }

  resume(id: string, options?: CallOptions): Promise<Connection> {
    return this.#one({ method: "POST", path: `${pathOf(id)}/resume` }, options);
  }

  /** Creates or updates the connection with your own id. Safe to repeat. */
  putByExternalId(
    externalId: string,
    connection: PutConnectionRequest,
    options?: CallOptions,
  ): Promise<Connection> {
    const path = externalPathOf(externalId);
    return this.#one({ method: "PUT", path, body: JSON.stringify(connection) }, options);
  }

  getByExternalId(externalId: string, options?: CallOptions): Promise<Connection> {
    return this.#one({ method: "GET", path: externalPathOf(externalId) }, options);
  }

  /** Disconnects the connection with your own id. */
  deleteByExternalId(externalId: string, options?: CallOptions): Promise<Connection> {
    return this.#one({ method: "DELETE", path: externalPathOf(externalId) }, options);
  }

  /** A page of the connections to a webhook URL, which is sent in the body. */
  async find(request: FindConnectionsRequest, options?: CallOptions): Promise<Page<ListedConnection>> {
    const body = JSON.stringify(request);
    const page = await this.#call({ method: "POST", path: `${CONNECTIONS}/find`, body }, options);
    return page as Page<ListedConnection>;
  }

  /** Replaces the signing secret; the previous one also signs for `overlap_hours`. */
  rotateSecret(id: string, rotation: RotateSecretRequest, options?: CallOptions): Promise<Connection> {
    const path = `${pathOf(id)}/rotate-secret`;
    const body = JSON.stringify(rotation);
    return this.#one({ method: "POST", path, body, idempotencyKey: crypto.randomUUID() }, options);
  }

  /** Sends a test event, and returns the request and the response. `ok` is true only for a 2xx response. */
  async test(id: string, options?: CallOptions): Promise<TestDelivery> {
    const call: Call = { method: "POST", path: `${pathOf(id)}/test`, idempotencyKey: crypto.randomUUID() };
    const result = await this.#call(call, { timeoutMs: TEST_TIMEOUT_MS, ...options });
    return (result as { delivery: TestDelivery }).delivery;
  }

  async #one(call: Call, options?: CallOptions): Promise<Connection> {
    return ((await this.#call(call, options)) as { data: Connection }).data;
  }
}

function pathOf(id: string): string {
  return `${CONNECTIONS}/${encodeURIComponent(id)}`;
}

function externalPathOf(externalId: string): string {
  return `${CONNECTIONS}/by-external-id/${encodeURIComponent(externalId)}`;
}
