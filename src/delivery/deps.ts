import type { ConnectorRequest, Reading, RequestInput } from "../connectors/contract.ts";
import type { ConnectionStatus, Credentials, PausedReason } from "../core/connection.ts";
import type { Outcome } from "../core/outcome.ts";
import type { HotStatements } from "../store/hot-statements.ts";
import type { Database, DatabaseTransaction } from "../store/open.ts";

/** What the verbs of this folder call. */
export type DeliveryDeps = {
  readonly db: Database;
  readonly hot: HotStatements;
  /** Names this process in leases. */
  readonly workerId: string;
  readonly version: string;
  readonly deadlineMs: number;
  readonly now: () => number;
  /** @throws {UnsealError} when the row cannot be opened with the keys at hand. */
  readonly openCredentials: (row: {
    workspaceId: string;
    connectionId: string;
    sealed: string;
  }) => Credentials;
  readonly connectorFor: (provider: string) => {
    readonly buildRequest: (input: RequestInput) => ConnectorRequest;
    readonly readResponse: (outcome: Outcome, now: number) => Reading;
  };
  readonly send: (request: ConnectorRequest) => Promise<Outcome>;
  /** Tells a connection of its finished attempts, in the transaction that records them. Returns its status. */
  readonly noteAttempts: (
    trx: DatabaseTransaction,
    connectionId: string,
    attempts: readonly {
      ok: boolean;
      isTest: boolean;
      error: { code: string; message: string } | null;
      finishedAt: number;
      pauses: PausedReason | null;
    }[],
  ) => Promise<ConnectionStatus | null>;
  /** A number from 0 to 1, for jitter. */
  readonly random: () => number;
};
