import type { ConnectorRequest, Reading, RequestInput } from "../connectors/contract.ts";
import type { Credentials } from "../core/connection.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Database, DatabaseTransaction } from "../store/open.ts";

/** What the verbs of this folder call. */
export type DeliveryDeps = {
  readonly db: Database;
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
  /** Tells the connection of a finished attempt, in the transaction that records it. */
  readonly noteAttempt: (
    trx: DatabaseTransaction,
    attempt: {
      connectionId: string;
      ok: boolean;
      isTest: boolean;
      error: { code: string; message: string } | null;
      finishedAt: number;
    },
  ) => Promise<void>;
};
