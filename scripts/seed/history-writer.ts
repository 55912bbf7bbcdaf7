import type { BulkRow } from "../../src/db/hot-statements.ts";
import type { Store } from "../../src/db/open.ts";
import { ATTEMPT_COLUMNS, attemptRow } from "../../src/dispatch/attempt-row.ts";
import { countAttempts } from "../../src/dispatch/count-attempts.ts";
import type { Judged } from "../../src/dispatch/judge.ts";
import { MINUTES_KEPT_MS } from "../../src/domain/statistics.ts";
import { EVENT_COLUMNS, eventRow, type StoredEvent } from "../../src/ingest/event-rows.ts";
import { StatisticsEntry } from "../../src/statistics/entry.ts";
import { addToStatistics } from "../../src/statistics/fold.ts";
import type { SeededDelivery } from "./connection-run.ts";

const DELIVERY_COLUMNS = {
  id: "text",
  workspace_id: "text",
  event_id: "text",
  connection_id: "text",
  trigger_kind: "text",
  status: "text",
  attempt_count: "bigint",
  next_attempt_at: "bigint",
  event_bytes: "bigint",
  response_status: "bigint",
  error_code: "text",
  duration_ms: "bigint",
  last_attempt_at: "bigint",
  created_at: "bigint",
  updated_at: "bigint",
} as const;

/** Rows per transaction: enough to be fast, few enough for memory. */
const ROWS_PER_COMMIT = 20_000;

/** Collects the history, and writes it in large transactions together with its statistics. */
export class HistoryWriter {
  readonly #store: Pick<Store, "db" | "dialect" | "hot" | "transact">;
  readonly #minutesFrom: number;
  #events: BulkRow[] = [];
  #deliveries: BulkRow[] = [];
  #attempts: Judged[] = [];
  #entry = new StatisticsEntry();

  constructor(store: Pick<Store, "db" | "dialect" | "hot" | "transact">, until: number) {
    this.#store = store;
    this.#minutesFrom = until - MINUTES_KEPT_MS;
  }

  addEvent(event: StoredEvent, connectionIds: readonly string[]): void {
    this.#events.push(eventRow(event));
    this.#entry.addEvent(event.workspaceId, event, connectionIds);
  }

  addAttempt(judged: Judged): void {
    this.#attempts.push(judged);
  }

  addDelivery(delivery: SeededDelivery): void {
    const { event, last, status } = delivery;
    this.#deliveries.push([
      delivery.id,
      event.workspaceId,
      event.id,
      delivery.connectionId,
      "schedule",
      status,
      delivery.attempts,
      status === "pending" ? delivery.dueAt : null,
      event.dataBytes,
      last?.responseStatus ?? null,
      last?.errorCode ?? null,
      last?.durationMs ?? null,
      last?.finishedAt ?? null,
      event.acceptedAt,
      delivery.updatedAt,
    ]);
    if (status === "cancelled") this.#entry.addPending(event.workspaceId, delivery.connectionId, -1);
  }

  /** Writes the collected rows, once there are enough. */
  async flush(isLast = false): Promise<void> {
    const [events, deliveries, attempts, entry] = [
      this.#events,
      this.#deliveries,
      this.#attempts,
      this.#entry,
    ];
    if (!isLast && events.length + deliveries.length + attempts.length < ROWS_PER_COMMIT) return;
    [this.#events, this.#deliveries, this.#attempts] = [[], [], []];
    this.#entry = new StatisticsEntry();
    const { hot } = this.#store;
    const counted = countAttempts(
      attempts,
      attempts.map(() => "pending"),
    );
    entry.addText(counted.toText() ?? "[]");
    await this.#store.transact(async (trx) => {
      await hot.insertRows(trx, "events", EVENT_COLUMNS, events);
      await hot.insertRows(trx, "deliveries", DELIVERY_COLUMNS, deliveries);
      await hot.insertRows(trx, "attempts", ATTEMPT_COLUMNS, attempts.map(attemptRow));
      await addToStatistics(this.#store, trx, entry, this.#minutesFrom);
    });
  }
}
