import type { Keyring } from "../crypto/keyring.ts";
import type { Database, DatabaseTransaction } from "../db/open.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { UrlVerdict } from "../http-client/egress.ts";

/** Dependencies of the operations in this folder. */
export type IntegrationsDeps = {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly checkUrl: (url: string, workspaceId: string) => Promise<UrlVerdict>;
  readonly recordAudit: (db: Database, entry: AuditEntry, now: number) => Promise<void>;
  readonly queue: ConnectionQueue;
  readonly changes: ConnectionChanges;
  readonly now: () => number;
};

/** Operations on a connection's pending deliveries and open issues. */
type ConnectionQueue = {
  /** Cancels its pending deliveries, in the transaction that disconnects the connection. */
  readonly cancelDeliveries: (db: DatabaseTransaction, connectionId: string, now: number) => Promise<void>;
  /** Resolves its issues, in the same transaction, since nothing is sent that could resolve them. */
  readonly resolveIssues: (db: DatabaseTransaction, connectionId: string, now: number) => Promise<void>;
  /** Restores the order in which its pending deliveries were accepted. */
  readonly restoreOrder: (db: DatabaseTransaction, connectionId: string, now: number) => Promise<void>;
  /** Discards prefetched deliveries of changed connections; called after the commit and before the response. */
  readonly recall: (connectionIds: readonly string[]) => void;
};

/** Both are called after the commit. */
type ConnectionChanges = {
  readonly publish: (workspaceId: string, kind: "connection", ids: readonly string[]) => void;
  /** Publishes a change to more objects of the workspace than can be named. */
  readonly publishMany: (workspaceId: string) => void;
};
