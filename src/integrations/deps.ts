import type { AuditEntry } from "../core/audit-entry.ts";
import type { Keyring } from "../crypto/keyring.ts";
import type { UrlVerdict } from "../egress/egress.ts";
import type { Database, DatabaseTransaction, Dialect } from "../store/open.ts";

/** What the verbs of this folder call. */
export type IntegrationsDeps = {
  readonly db: Database;
  readonly dialect: Dialect;
  readonly keyring: Keyring;
  readonly checkUrl: (url: string, workspaceId: string) => Promise<UrlVerdict>;
  readonly recordAudit: (db: Database, entry: AuditEntry, now: number) => Promise<void>;
  /** Cancels what a connection still owes, in the transaction that disconnects it. */
  readonly cancelDeliveries: (db: DatabaseTransaction, connectionId: string, now: number) => Promise<void>;
  /** Puts the queue of a connection back into the order in which it was accepted. */
  readonly restoreOrder: (db: DatabaseTransaction, connectionId: string, now: number) => Promise<void>;
  /** Told after the commit that connections of a workspace have changed. */
  readonly noteChange: (workspaceId: string, kind: "connection", ids: readonly string[]) => void;
  /** The same, with more of the workspace than can be named. */
  readonly noteManyChanges: (workspaceId: string) => void;
  /** Told after the commit that a connection was changed, before the change is answered. */
  readonly recall: (connectionIds: readonly string[]) => void;
  readonly now: () => number;
};
