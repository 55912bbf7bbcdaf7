import type { Database } from "../db/open.ts";
import { type Position, readSliceEnd, SLICE_ROWS, within } from "../db/paging.ts";
import { BackgroundWork } from "../db/turns.ts";
import { OpenSendError } from "../domain/errors.ts";
import { DELIVERY_WALK, hasConnection, walkDeliveries } from "../history/read-filter.ts";
import { asOf, chooseDeliveries } from "./choose.ts";
import type { ReplayFilter } from "./replay-row.ts";

/** Deliveries looked at for one count. */
const COUNT_OVER_MAX = 1_000_000;

export type ReplayPreview = {
  readonly count: number;
  /** False when there is more than is looked at: then it counts the oldest ones. */
  readonly countIsExact: boolean;
  readonly oldestAt: number | null;
  readonly newestAt: number | null;
};

/**
 * What a replay that starts now would send again, counted in slices that let others come in between.
 *
 * @throws {OpenSendError} `not_found` when the workspace has no such connection.
 */
export async function previewReplay(
  db: Database,
  workspaceId: string,
  filter: ReplayFilter,
  now: number,
): Promise<ReplayPreview> {
  const { connectionId } = filter;
  if (connectionId !== null && !(await hasConnection(db, workspaceId, connectionId))) {
    throw new OpenSendError(
      "not_found",
      "This workspace has no connection with that id. Copy the id from the list of connections.",
    );
  }
  const meant = asOf(filter, now);
  const walk = walkDeliveries(db, workspaceId, meant);
  let preview: ReplayPreview = { count: 0, countIsExact: true, oldestAt: null, newestAt: null };
  const work = new BackgroundWork(workspaceId);
  let after: Position | null = null;
  for (let looked = 0; looked < COUNT_OVER_MAX; looked += SLICE_ROWS) {
    const until: Position | null = await readSliceEnd(walk, after, "asc", DELIVERY_WALK, SLICE_ROWS);
    const chosen = chooseDeliveries(db, workspaceId, meant);
    const { count, oldest, newest } = await within(chosen, { after, until }, "asc", DELIVERY_WALK)
      .select((eb) => [
        eb.fn.countAll<number>().as("count"),
        eb.fn.min("deliveries.created_at").as("oldest"),
        eb.fn.max("deliveries.created_at").as("newest"),
      ])
      .executeTakeFirstOrThrow();
    preview = {
      count: preview.count + Number(count),
      countIsExact: until === null,
      oldestAt: preview.oldestAt ?? oldest,
      newestAt: newest ?? preview.newestAt,
    };
    if (until === null) break;
    after = until;
    await work.nextStep();
  }
  return preview;
}
