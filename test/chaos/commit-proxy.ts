import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { type ClientMessage, ClientMessageReader } from "./postgres-messages.ts";

/** A proxy between servers and PostgreSQL: forwards everything, and on request cuts one connection during a COMMIT. */
export type CommitProxy = {
  /** The URL of the same database, through the proxy. */
  readonly url: string;
  /**
   * Waits for a transaction that inserts into the table and whose messages satisfy `accepts`, forwards its COMMIT and
   * cuts the connection before the response comes back. Resolves with the time of the cut. A later call replaces one
   * that is still waiting.
   */
  readonly cutNextCommit: (table: CommittedTable, accepts: (sent: Buffer) => boolean) => Promise<number>;
  /** Connects to another server from now on, and cuts open connections. */
  readonly moveTo: (databaseUrl: string) => void;
  readonly close: () => Promise<void>;
};

export type CommittedTable = "events" | "attempts";

type CutRequest = {
  readonly table: CommittedTable;
  readonly accepts: (sent: Buffer) => boolean;
  readonly resolve: (at: number) => void;
};
type TakeRequest = (transaction: Transaction) => CutRequest | null;

export async function startCommitProxy(databaseUrl: string): Promise<CommitProxy> {
  let target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let request: CutRequest | null = null;
  const takeRequest: TakeRequest = ({ inserted, sent }) => {
    if (request === null || !inserted.has(request.table) || !request.accepts(Buffer.concat(sent)))
      return null;
    const match = request;
    request = null;
    return match;
  };
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      // Servers and databases are killed on either side; the end of the connection is enough to know.
      socket.on("error", () => undefined);
      socket.once("close", () => sockets.delete(socket));
    }
    // Data that was already sent still reaches the database.
    near.once("close", () => far.end());
    far.once("close", () => near.destroy());
    forward(near, far, takeRequest);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(databaseUrl);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cutNextCommit: (table, accepts) =>
      new Promise((resolve) => {
        request = { table, accepts, resolve };
      }),
    moveTo: (otherUrl) => {
      target = new URL(otherUrl);
      for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function forward(near: Socket, far: Socket, takeRequest: TakeRequest): void {
  const reader = new ClientMessageReader();
  const transaction = new Transaction();
  let cut: CutRequest | null = null;
  far.on("data", (chunk) => {
    if (cut === null) near.write(chunk);
  });
  near.on("data", (chunk) => {
    for (const message of reader.read(chunk)) {
      if (transaction.commits(message)) cut ??= takeRequest(transaction);
      far.write(message.raw);
      if (cut === null || !message.isComplete) continue;
      // The database reads the COMMIT before the end of the connection, and can no longer respond to anyone.
      near.destroy();
      cut.resolve(Date.now());
      return;
    }
  });
}

/** The messages of a connection since its transaction began, and the tables it inserted into. */
class Transaction {
  readonly sent: Buffer[] = [];
  readonly inserted = new Set<CommittedTable>();
  private isOpen = false;
  private isEnded = false;

  /** Whether this message makes the database commit, by a COMMIT or as a statement outside a transaction. */
  commits({ raw, runs }: ClientMessage): boolean {
    if (this.isEnded) this.forget();
    this.sent.push(raw);
    if (runs === null) return false;
    if (/^\s*(begin|start transaction)\b/i.test(runs)) this.isOpen = true;
    for (const [, table] of runs.matchAll(/\binsert into "?(events|attempts)"?[\s(]/gi)) {
      this.inserted.add(table as CommittedTable);
    }
    const isEnd = /\b(commit|rollback)\s*;?\s*$/i.exec(runs);
    if (isEnd === null && this.isOpen) return false;
    this.isEnded = true;
    return isEnd?.[1]?.toLowerCase() !== "rollback";
  }

  private forget(): void {
    this.sent.length = 0;
    this.inserted.clear();
    this.isOpen = false;
    this.isEnded = false;
  }
}
