import { isAmong } from "../db/among.ts";
import type { Position } from "../db/paging.ts";
import { LongWork } from "../db/turns.ts";
import { createSearch } from "../domain/search-text.ts";
import type { WalkDeps } from "./delivery-walk.ts";
import { eventOfDelivery } from "./event-of-delivery.ts";
import { type DeliveryPageRequest, type PositionPage, pageDeliveries } from "./page-deliveries.ts";
import type { DeliveryFilter } from "./read-filter.ts";

/** Deliveries whose texts are read together, which blocks everyone on the embedded database. */
const SLICE_ROWS = 20;
/** Limits of one page: deliveries, characters, and time. */
const ROWS_MAX = 2000;
const CHARACTERS_MAX = 16 * 1024 * 1024;
const PAGE_MS_MAX = 40;
/** Only the newest attempts of a delivery are searched. */
const ATTEMPTS_MAX = 10;

/**
 * One page of the deliveries of a filter whose payload or response contains a text. It reads a bounded number of
 * deliveries, so a page can have fewer than requested, even none, although more follow.
 */
export async function searchDeliveries(
  deps: WalkDeps,
  workspaceId: string,
  filter: DeliveryFilter,
  text: string,
  page: DeliveryPageRequest,
): Promise<PositionPage> {
  const matches = createSearch(text);
  const work = new LongWork(workspaceId);
  const startedMs = performance.now();
  const rows: Position[] = [];
  let after = page.after;
  let looked = 0;
  let characters = 0;
  for (;;) {
    const slice = await pageDeliveries(deps, workspaceId, filter, { ...page, after, limit: SLICE_ROWS });
    const texts = await readTexts(deps, slice.rows);
    for (const position of slice.rows) {
      const own = texts.get(position.id) ?? [];
      looked++;
      after = position;
      characters += own.reduce((sum, one) => sum + one.length, 0);
      if (own.some(matches)) rows.push(position);
      if (rows.length === page.limit) break;
    }
    const isAtEnd = !slice.hasMore && after?.id === slice.rows.at(-1)?.id;
    if (isAtEnd || (slice.rows.length === 0 && !slice.hasMore)) {
      return { rows, hasMore: false, searched: { until: null, rows: looked, isComplete: true } };
    }
    if (rows.length < page.limit) after = slice.stoppedAt ?? after;
    const isSpent = looked >= ROWS_MAX || characters >= CHARACTERS_MAX;
    if (rows.length === page.limit || isSpent || performance.now() - startedMs > PAGE_MS_MAX) {
      const searched = { until: after?.createdAt ?? null, rows: looked, isComplete: false };
      return { rows, hasMore: true, ...(after === null ? {} : { stoppedAt: after }), searched };
    }
    await work.pause();
  }
}

/** The payload and the responses of each of these deliveries. Nothing is found in erased payloads. */
async function readTexts(
  { db, dialect }: WalkDeps,
  positions: readonly Position[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (positions.length === 0) return new Map();
  const ids = positions.map(({ id }) => id);
  const payloads = await db
    .selectFrom("deliveries")
    .innerJoin("events", eventOfDelivery)
    .select(["deliveries.id", "events.data"])
    .where((eb) => isAmong(dialect, eb.ref("deliveries.id"), ids))
    .where("events.data", "!=", "")
    .execute();
  const texts = new Map(payloads.map(({ id, data }) => [id, [data]]));
  if (texts.size === 0) return texts;
  const responses = await db
    .selectFrom("attempts")
    .innerJoin("deliveries", "deliveries.id", "attempts.delivery_id")
    .select(["attempts.delivery_id", "attempts.response_body"])
    .where((eb) => isAmong(dialect, eb.ref("attempts.delivery_id"), [...texts.keys()]))
    .where((eb) => eb("attempts.number", ">", eb("deliveries.attempt_count", "-", ATTEMPTS_MAX)))
    .where("attempts.response_body", "is not", null)
    .execute();
  for (const { delivery_id: id, response_body: body } of responses) texts.get(id)?.push(body ?? "");
  return texts;
}
