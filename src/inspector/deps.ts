import type { Keyring } from "../crypto/keyring.ts";
import type { Database, DatabaseTransaction } from "../db/open.ts";
import type { Transact } from "../db/transactor.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";

/** The connection with the inspector's URL, and the secrets it signs with. */
export type InspectedConnection = {
  readonly connectionId: string;
  readonly secrets:
    | {
        readonly signingSecret: string | null;
        readonly previousSecret: { readonly secret: string; readonly expiresAt: number } | null;
      }
    /** None of the available keys opens them. */
    | "unreadable";
};

/** An event with a pending or ended delivery to the inspector's connection. */
export type InspectedDelivery = {
  readonly deliveryId: string;
  readonly eventType: string;
  readonly acceptedAt: number;
};

/** Dependencies of the API calls about the inspector. */
export type InspectorDeps = {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly recordAudit: (db: Database, entry: AuditEntry, now: number) => Promise<void>;
  /** Publishes after the commit that more has changed than can be named, such as when all requests were deleted. */
  readonly publishManyChanges: (workspaceId: string) => void;
  readonly now: () => number;
};

/** Dependencies of writing requests. */
export type StoreDeps = {
  readonly db: Database;
  readonly transact: Transact;
  readonly keyring: Keyring;
  /** Null when the workspace no longer has such a connection. */
  readonly openConnection: (workspaceId: string) => Promise<InspectedConnection | null>;
  /** The deliveries of these events to a connection, by event id. */
  readonly findDeliveries: (
    workspaceId: string,
    connectionId: string,
    eventIds: readonly string[],
  ) => Promise<ReadonlyMap<string, InspectedDelivery>>;
  /** The ids of those events that have their payload, which is kept until the transaction ends. */
  readonly lockPayloads: (
    trx: DatabaseTransaction,
    workspaceId: string,
    eventIds: readonly string[],
  ) => Promise<ReadonlySet<string>>;
  /** Publishes new requests after the commit. */
  readonly publishChange: (workspaceId: string, kind: "inspector_request", ids: readonly string[]) => void;
};
