import type { Store } from "../db/open.ts";
import type { KeptDays } from "../domain/kept-days.ts";
import type { Chore, ChoreName } from "./chore.ts";
import { createCuts } from "./cut.ts";
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
import { keepFileInShape } from "./keep-file-in-shape.ts";

type ListChoresDeps = {
  readonly store: Pick<Store, "dialect" | "upkeep">;
  /** The server's days: the default and the maximum of every workspace. */
  readonly limits: KeptDays;
  readonly forgetInspected: ForgetInspected;
  /** Rows that have an expiry time of their own. */
  readonly expiring: readonly (readonly [name: ChoreName, deleteSome: DeleteExpired])[];
};

/** The work of a cleanup that begins at this time, in order. */
export function listChores({ store, limits, ...others }: ListChoresDeps, now: number): readonly Chore[] {
  const { payloads, statuses } = createCuts(limits, now);
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
    ...(store.upkeep === null ? [] : keepFileInShape(store.upkeep)),
  ];
}
