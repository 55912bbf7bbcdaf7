import type { Store } from "../db/open.ts";
import type { RetentionDays } from "../domain/retention-days.ts";
import type { Chore, ChoreName } from "./chore.ts";
import { createCutoffs } from "./cutoff.ts";
import { deleteConnections } from "./delete-connections.ts";
import { deleteEvents } from "./delete-events.ts";
import {
  type DeleteExpired,
  deleteExpired,
  deleteInspected,
  deleteSilentWorkers,
  type ForgetInspected,
} from "./delete-leftovers.ts";
import { deleteKeptPayloads, deletePayloads } from "./delete-payloads.ts";
import { deleteHours, deleteMinutes, deleteOldIssues, deleteOldTypes } from "./delete-statistics.ts";
import { maintainFile } from "./maintain-file.ts";

type ListChoresDeps = {
  readonly store: Pick<Store, "dialect" | "upkeep">;
  /** The server's days: the default and the maximum of every workspace. */
  readonly limits: RetentionDays;
  readonly forgetInspected: ForgetInspected;
  /** Rows that have an expiry time of their own. */
  readonly expiring: readonly (readonly [name: ChoreName, deleteSome: DeleteExpired])[];
};

/** The work of a cleanup that begins at this time, in order. */
export function listChores({ store, limits, ...others }: ListChoresDeps, now: number): readonly Chore[] {
  const { payloads, statuses } = createCutoffs(limits, now);
  return [
    deletePayloads(store, payloads),
    deleteKeptPayloads(store, payloads),
    deleteInspected(payloads, others.forgetInspected),
    deleteEvents(store, statuses),
    deleteConnections(store, statuses),
    deleteMinutes(now),
    deleteHours(statuses),
    deleteOldTypes(store, statuses),
    deleteOldIssues(store, statuses),
    ...others.expiring.map(([name, deleteSome]) => deleteExpired(name, now, deleteSome)),
    deleteSilentWorkers(now),
    ...(store.upkeep === null ? [] : maintainFile(store.upkeep)),
  ];
}
