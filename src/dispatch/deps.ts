import type { ConnectorRequest, Reading, RequestInput } from "../connectors/contract.ts";
import type { HotStatements } from "../db/hot-statements.ts";
import type { Database, DatabaseTransaction, Dialect } from "../db/open.ts";
import type { Transact } from "../db/transactor.ts";
import type { NoteChange } from "../domain/note-change.ts";
import type { NotedAttempt, NotedConnection } from "../domain/noted-attempt.ts";
import type { Observer } from "../domain/observer.ts";
import type { OnStage, Outcome } from "../domain/outcome.ts";
import type { NotedReplays } from "../domain/replay.ts";
import type { EventRoutes } from "../ingest/event-routes.ts";
import type { DueDelivery } from "./due-delivery.ts";
import type { OpenedConnections } from "./opened-connections.ts";
import type { SignedDelivery } from "./sign.ts";

/** What the verbs of this folder call. */
export type DeliveryDeps = {
  readonly db: Database;
  readonly dialect: Dialect;
  readonly hot: HotStatements;
  readonly transact: Transact;
  readonly version: string;
  readonly now: () => number;
  /** What receivers check or mean is the time of the wall; it may be set back. */
  readonly wallNow: () => number;
  readonly connections: Pick<OpenedConnections, "open">;
  readonly eventRoutes: EventRoutes;
  readonly observer: Observer;
  readonly noteChange: NoteChange;
  readonly connectorFor: (provider: string) => {
    readonly buildRequest: (input: RequestInput) => ConnectorRequest;
    readonly readResponse: (outcome: Outcome, now: number) => Reading;
  };
  readonly send: (
    request: ConnectorRequest,
    signed: SignedDelivery,
    onStage: OnStage | null,
  ) => Promise<Outcome>;
  /** Who wants to know the stages of this attempt; null when nobody watches, which costs one look at an empty map. */
  readonly stagesListener: (signed: SignedDelivery) => OnStage | null;
  /** Tells a connection of its finished attempts, in the transaction that records them. */
  readonly noteAttempts: NoteAttempts;
  /** Counts attempts at replayed deliveries, in the same transaction. */
  readonly noteReplayed: (
    trx: DatabaseTransaction,
    attempts: readonly {
      readonly replayId: string;
      readonly deliveryId: string;
      readonly ok: boolean;
    }[],
    now: number,
  ) => Promise<NotedReplays>;
  /** Told of an exception of ours while a delivery was handled. The attempt is recorded as failed. */
  readonly onFault: (error: unknown, delivery: DueDelivery) => void;
  /** A number from 0 to 1, for jitter. */
  readonly random: () => number;
};

export type NoteAttempts = (
  trx: DatabaseTransaction,
  connectionId: string,
  attempts: readonly NotedAttempt[],
) => Promise<NotedConnection | null>;
