import type { Keyring } from "../crypto/keyring.ts";
import type { Database, DatabaseTransaction } from "../db/open.ts";
import type { Transact } from "../db/transactor.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";

/** The connection whose URL is the inspector's, with the secrets it signs with. */
export type InspectedConnection = {
  readonly connectionId: string;
  readonly secrets:
    | {
        readonly signingSecret: string | null;
        readonly previousSecret: { readonly secret: string; readonly expiresAt: number } | null;
      }
    /** None of the keys at hand opens them. */
    | "unreadable";
};

/** An event that is owed to the inspector's connection, or was. */
export type OwedEvent = {
  readonly deliveryId: string;
  readonly eventType: string;
  readonly acceptedAt: number;
};

/** What people's verbs about the inspector call. */
export type InspectorDeps = {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly recordAudit: (db: Database, entry: AuditEntry, now: number) => Promise<void>;
  /** Told after the commit that more has changed than can be named, such as when all requests are gone. */
  readonly noteManyChanges: (workspaceId: string) => void;
  readonly now: () => number;
};

/** What keeping requests calls. */
export type KeepDeps = {
  readonly db: Database;
  readonly transact: Transact;
  readonly keyring: Keyring;
  /** Null when the workspace has no such connection any more. */
  readonly openConnection: (workspaceId: string) => Promise<InspectedConnection | null>;
  /** What of these events is owed to a connection, by event id. */
  readonly findDeliveries: (
    workspaceId: string,
    connectionId: string,
    eventIds: readonly string[],
  ) => Promise<ReadonlyMap<string, OwedEvent>>;
  /** Those of these events that have their payload, which stays until the transaction ends. */
  readonly holdPayloads: (
    trx: DatabaseTransaction,
    workspaceId: string,
    eventIds: readonly string[],
  ) => Promise<ReadonlySet<string>>;
  /** Told after the commit that requests have come. */
  readonly noteChange: (workspaceId: string, kind: "inspector_request", ids: readonly string[]) => void;
};
