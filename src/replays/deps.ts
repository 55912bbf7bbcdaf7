import type { Database, Dialect } from "../db/open.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { NoteChange } from "../domain/note-change.ts";

/** What the verbs about replays call. */
export type ReplayDeps = {
  readonly db: Database;
  readonly dialect: Dialect;
  readonly now: () => number;
  readonly recordAudit: (db: Database, entry: AuditEntry, now: number) => Promise<void>;
  readonly wake: (connectionIds: readonly string[]) => void;
  /** Told after the commit that less is due of these connections than a worker may have in hand. */
  readonly recall: (connectionIds: readonly string[]) => void;
  readonly noteChange: NoteChange;
};
