import type { DatabaseTransaction, Dialect } from "../db/open.ts";

/** Where a walk stands. What does not matter to it stays as at the start. */
export type Place = {
  readonly workspaceId: string;
  /** What this workspace accepted before has had its time; 0 while nothing has. */
  readonly before: number;
  readonly acceptedAt: number;
  readonly id: string;
};

export const START: Place = { workspaceId: "", before: 0, acceptedAt: 0, id: "" };

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

/** Where to go on, null at the end, and how much was deleted on the way. */
export type Progress = { readonly next: Place | null; readonly deleted: number };

/** One kind of work of a run, done in steps. A step looks at `rowsMax` rows at most, in one transaction. */
export type Chore = {
  readonly name: ChoreName;
  readonly step: (trx: DatabaseTransaction, place: Place, rowsMax: number) => Promise<Progress>;
};

export type ChoreDeps = { readonly dialect: Dialect };

/** What ends a delivery's claim on its payload, and what does not. */
export const UNFINISHED = ["pending"] as const;
