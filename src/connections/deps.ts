import type { Keyring } from "../crypto/keyring.ts";
import type { Database, DatabaseTransaction } from "../db/open.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { UrlVerdict } from "../http-client/egress.ts";

/** What the verbs of this folder call. */
export type IntegrationsDeps = {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly checkUrl: (url: string, workspaceId: string) => Promise<UrlVerdict>;
  readonly recordAudit: (db: Database, entry: AuditEntry, now: number) => Promise<void>;
  readonly queue: ConnectionQueue;
  readonly changes: ConnectionChanges;
  readonly now: () => number;
};

/** What a connection has pending and open. */
type ConnectionQueue = {
  /** Cancels its pending deliveries, in the transaction that disconnects the connection. */
  readonly cancelDeliveries: (db: DatabaseTransaction, connectionId: string, now: number) => Promise<void>;
  /** Resolves its issues, in the same transaction: nothing is sent that could. */
  readonly resolveIssues: (db: DatabaseTransaction, connectionId: string, now: number) => Promise<void>;
  /** Puts its pending deliveries back into the order in which they were accepted. */
  readonly restoreOrder: (db: DatabaseTransaction, connectionId: string, now: number) => Promise<void>;
  /** Told after the commit that a connection was changed, before the change is answered. */
  readonly recall: (connectionIds: readonly string[]) => void;
};

/** Both are told after the commit. */
type ConnectionChanges = {
  readonly note: (workspaceId: string, kind: "connection", ids: readonly string[]) => void;
  /** More of the workspace has changed than can be named. */
  readonly noteMany: (workspaceId: string) => void;
};
