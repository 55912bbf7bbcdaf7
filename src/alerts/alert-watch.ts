import { sql } from "kysely";
import type { DatabaseTransaction, Store } from "../db/open.ts";
import { BackgroundWork } from "../db/turns.ts";
import { type AlertDecision, evaluateAlert, type NoticeState } from "../domain/evaluate-alert.ts";
import { type AlertRow, toAlert, toEvaluated, toNoticed } from "./alert-row.ts";
import { SilenceReader } from "./read-silence.ts";
import { type NamedSubject, readSubjects } from "./read-subjects.ts";
import { type SendNoticeDeps, sendNotice } from "./send-notice.ts";

/** An arbitrary number that only alerts use (PostgreSQL, `pg_advisory_xact_lock`). */
const ALERT_LOCK = 3_015_007;
/** Interval between two evaluations of all alerts. */
const EVALUATED_EVERY_MS = 15_000;

export type AlertWatchDeps = {
  readonly store: Pick<Store, "db" | "dialect" | "transact" | "hot">;
  readonly publicUrl: string;
  readonly mailQueue: SendNoticeDeps["mailQueue"];
  readonly now: () => number;
  /** Reports connections that have an event to send. */
  readonly wake: (connectionIds: readonly string[]) => void;
};

type Decided = { readonly row: AlertRow; readonly decision: AlertDecision<NamedSubject> };

/**
 * Evaluates the alerts of all workspaces, reading connections but never deliveries. Notices are stored in the commit
 * that queues the mails and stores the events, under a lock, so that a crash or a second process neither loses nor
 * repeats a notice.
 */
export class AlertWatch {
  readonly #deps: AlertWatchDeps;
  readonly #silence: SilenceReader;
  #nextAt = 0;
  #isStopping = false;
  #round: Promise<void> | null = null;

  constructor(deps: AlertWatchDeps) {
    this.#deps = deps;
    this.#silence = new SilenceReader(deps.store);
  }

  /** Evaluates when the interval has passed. */
  async evaluateSome(): Promise<void> {
    if (performance.now() < this.#nextAt || this.#isStopping) return;
    this.#nextAt = performance.now() + EVALUATED_EVERY_MS;
    this.#round ??= this.evaluate().finally(() => {
      this.#round = null;
    });
    await this.#round;
  }

  async evaluate(): Promise<void> {
    const enabled = await this.#deps.store.db
      .selectFrom("alerts")
      .selectAll()
      .where("is_enabled", "=", 1)
      .orderBy("workspace_id")
      .execute();
    const work = new BackgroundWork("alerts");
    for (const [workspaceId, rows] of Map.groupBy(enabled, (row) => row.workspace_id)) {
      if (this.#isStopping) return;
      await this.#evaluateWorkspace(workspaceId, rows);
      await work.nextStep();
    }
  }

  /** Resolves when the current evaluation has ended. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#round?.catch(() => undefined);
  }

  async #evaluateWorkspace(workspaceId: string, rows: readonly AlertRow[]): Promise<void> {
    const { store, now, wake } = this.#deps;
    const conditions = new Set(rows.map(({ condition }) => condition));
    const subjects = await readSubjects({ store, silence: this.#silence }, workspaceId, conditions, now());
    const noticed = await readNoticed(store.db, rows);
    if (!rows.some((row) => decide(row, subjects, noticed, now()).changes.size > 0)) return;
    const woken = await store.transact(async (trx) => {
      if (store.dialect === "postgres") await sql`select pg_advisory_xact_lock(${ALERT_LOCK})`.execute(trx);
      const current = await readCurrent(trx, rows);
      const known = await readNoticed(trx, current);
      const decided = current.map((row) => ({ row, decision: decide(row, subjects, known, now()) }));
      return this.#apply(trx, decided);
    });
    if (woken.length > 0) wake(woken);
  }

  async #apply(trx: DatabaseTransaction, decided: readonly Decided[]): Promise<readonly string[]> {
    const { store, publicUrl, mailQueue, now } = this.#deps;
    const sending: SendNoticeDeps = { hot: store.hot, publicUrl, mailQueue };
    const woken: string[] = [];
    for (const { row, decision } of decided) {
      for (const kind of ["raised", "recovered"] as const) {
        const subjects = decision[kind];
        if (subjects.length === 0) continue;
        const notice = { kind, condition: row.condition, subjects };
        const connectionId = await sendNotice(sending, trx, toAlert(row), notice, now());
        if (connectionId !== null) woken.push(connectionId);
        const column = kind === "raised" ? "raised_at" : "recovered_at";
        await trx
          .updateTable("alerts")
          .set({ [column]: now() })
          .where("id", "=", row.id)
          .execute();
      }
      await this.#writeStates(trx, row.id, decision.changes);
    }
    return woken;
  }

  async #writeStates(
    trx: DatabaseTransaction,
    alertId: string,
    changes: AlertDecision<NamedSubject>["changes"],
  ): Promise<void> {
    const ended = [...changes].filter(([, noticed]) => noticed === null).map(([id]) => id);
    if (ended.length > 0) {
      await trx
        .deleteFrom("alert_states")
        .where("alert_id", "=", alertId)
        .where("connection_id", "in", ended)
        .execute();
    }
    const rows = [...changes].flatMap(([connectionId, noticed]) =>
      noticed === null
        ? []
        : [[alertId, connectionId, noticed.isOpen ? 1 : 0, noticed.raisedAt, noticed.calmSince]],
    );
    await this.#deps.store.hot.mergeRows(trx, STATES, rows);
  }
}

const STATES = {
  name: "alert_states",
  columns: {
    alert_id: "text",
    connection_id: "text",
    is_open: "bigint",
    raised_at: "bigint",
    calm_since: "bigint",
  },
  key: ["alert_id", "connection_id"],
  merge: { is_open: "replace", raised_at: "replace", calm_since: "replace" },
} as const;

type NoticedOf = ReadonlyMap<string, ReadonlyMap<string, NoticeState>>;

function decide(
  row: AlertRow,
  subjects: readonly NamedSubject[],
  noticed: NoticedOf,
  now: number,
): AlertDecision<NamedSubject> {
  return evaluateAlert(toEvaluated(row), subjects, noticed.get(row.id) ?? new Map(), now);
}

/** Of the evaluated alerts, those that still exist unchanged. */
async function readCurrent(
  trx: DatabaseTransaction,
  rows: readonly AlertRow[],
): Promise<readonly AlertRow[]> {
  const found = await trx
    .selectFrom("alerts")
    .selectAll()
    .where(
      "id",
      "in",
      rows.map(({ id }) => id),
    )
    .where("is_enabled", "=", 1)
    .execute();
  const known = new Map(rows.map((row) => [row.id, row.updated_at]));
  return found.filter(({ id, updated_at }) => known.get(id) === updated_at);
}

async function readNoticed(db: Store["db"], rows: readonly AlertRow[]): Promise<NoticedOf> {
  if (rows.length === 0) return new Map();
  const states = await db
    .selectFrom("alert_states")
    .selectAll()
    .where(
      "alert_id",
      "in",
      rows.map(({ id }) => id),
    )
    .execute();
  return new Map(
    [...Map.groupBy(states, ({ alert_id }) => alert_id)].map(([id, of]) => [
      id,
      new Map(of.map((state) => [state.connection_id, toNoticed(state)])),
    ]),
  );
}
