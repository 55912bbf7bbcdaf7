import type { DatabaseTransaction, Dialect } from "../db/open.ts";

/** The position of a walk. Fields that a walk does not use keep their start value. */
export type Cursor = {
  readonly workspaceId: string;
  /** Events that this workspace accepted before this time have expired; 0 if none have. */
  readonly before: number;
  readonly acceptedAt: number;
  readonly id: string;
};

export const START: Cursor = { workspaceId: "", before: 0, acceptedAt: 0, id: "" };

export type ChoreName =
  | "payloads"
  | "kept payloads"
  | "inspected"
  | "events"
  | "connections"
  | "idempotency keys"
  | "sign-in throttles"
  | "sessions"
  | "invitations"
  | "mails"
  | "password resets"
  | "alert notices"
  | "minutes"
  | "hours"
  | "event types"
  | "issues"
  | "workers"
  | "free pages"
  | "statistics";

/** Where to continue, null at the end, and how much was deleted in this step. */
export type Progress = { readonly next: Cursor | null; readonly deleted: number };

/** One kind of work of a cleanup, done in steps. A step examines at most `rowsMax` rows, in one transaction. */
export type Chore = {
  readonly name: ChoreName;
  readonly step: (trx: DatabaseTransaction, cursor: Cursor, rowsMax: number) => Promise<Progress>;
};

export type ChoreDeps = { readonly dialect: Dialect };

/** The statuses of deliveries that still need their payload. */
export const UNFINISHED = ["pending"] as const;
