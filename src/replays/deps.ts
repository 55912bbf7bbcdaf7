import type { Database, Dialect } from "../db/open.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { PublishChange } from "../domain/publish-change.ts";

/** Dependencies of the actions on replays. */
export type ReplayDeps = {
  readonly db: Database;
  readonly dialect: Dialect;
  readonly now: () => number;
  readonly recordAudit: (db: Database, entry: AuditEntry, now: number) => Promise<void>;
  readonly queue: {
    readonly wake: (connectionIds: readonly string[]) => void;
    /** Called after the commit, when a worker may have buffered deliveries of these connections that are no longer due. */
    readonly recall: (connectionIds: readonly string[]) => void;
  };
  readonly publishChange: PublishChange;
};
