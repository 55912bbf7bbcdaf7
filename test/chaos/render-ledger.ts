import { explainReceipt } from "./explain-receipt.ts";
import type { FaultKind } from "./fault.ts";
import { FAULT_KINDS } from "./fault.ts";
import type { Run } from "./scenario.ts";

const DATABASES = { sqlite: "SQLite", postgres: "PostgreSQL" } as const;

/** A Markdown table with a column per run, ready for docs/reliability.md. */
export function renderLedger(runs: readonly Run[]): string {
  const rows: (readonly [name: string, value: (run: Run) => string | number])[] = [
    ["Concurrent processes", ({ processes }) => processes],
    ["Seed", ({ seed }) => seed],
    ["Duration", ({ durationMs }) => `${Math.round(durationMs / 1000)} s`],
    ["`kill -9`", (run) => countFaults(run, "kill")],
    ["… that cut off requests being accepted", countKilledAccepts],
    ["… while requests were under way", (run) => countKills(run, false)],
    ["… between a response and its record", (run) => countKills(run, true)],
    ...FAULT_KINDS.filter((kind) => kind !== "kill" && runs.some((run) => countFaults(run, kind) > 0)).map(
      (kind) => [nameFault(kind), (run: Run) => countFaults(run, kind) || "–"] as const,
    ),
    ["Events flow again after such a fault, median / worst", ({ recoveriesMs }) => describe(recoveriesMs)],
    ["Events acknowledged with 202", ({ ledger }) => ledger.eventsAcknowledged],
    [
      "Events without an acknowledgement, and how many of them are stored",
      ({ ledger }) => `${ledger.eventsUnknown}, ${ledger.eventsUnknownStored}`,
    ],
    ["**Stored under a second id**", ({ ledger }) => `**${ledger.secondIds}**`],
    ["Deliveries expected", ({ ledger }) => ledger.deliveriesExpected],
    ["Delivered", ({ ledger }) => ledger.deliveriesDelivered],
    ["**Lost**", ({ ledger }) => `**${ledger.lost}**`],
    ["Delivered twice, in flight at a fault", ({ ledger }) => describeTwice(ledger.twice)],
    ["**Delivered twice, otherwise**", ({ ledger }) => `**${ledger.twice.get("unexplained") ?? 0}**`],
    ["Attempts recorded", ({ ledger }) => ledger.attemptsRecorded],
    ["Requests in flight at a fault and not recorded", ({ ledger }) => ledger.attemptsUnrecorded],
    ["**Deliveries whose status and attempts disagree**", ({ ledger }) => `**${ledger.inconsistent}**`],
  ];
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [
    line(["", ...runs.map(({ dialect }) => DATABASES[dialect])]),
    line(["---", ...runs.map(() => "---:")]),
    ...rows.map(([name, value]) => line([name, ...runs.map(value)])),
  ].join("\n");
}

function nameFault(kind: FaultKind): string {
  const NAMES: Partial<Record<FaultKind, string>> = {
    "connections cut": "All database connections cut",
    "events commit cut": "Connection cut during the COMMIT of events",
    "attempts commit cut": "Connection cut during the COMMIT of attempts",
    "database restarted": "PostgreSQL stopped and started",
    "database killed": "`kill -9` of PostgreSQL",
    "disk full": "Disk full",
    "clock back": "Clock an hour back, and forward again",
    "clock forward": "Clock an hour forward",
  };
  return NAMES[kind] ?? kind;
}

function countFaults({ faults }: Run, kind: FaultKind): number {
  return faults.filter((fault) => fault.kind === kind).length;
}

function countKilledAccepts({ faults, posted }: Run): number {
  const NOTICED_MS = 500;
  const cutOff = posted.flatMap(({ cutOffAt }) => cutOffAt ?? []);
  return faults.filter(
    ({ kind, at }) => kind === "kill" && cutOff.some((cut) => cut >= at && cut <= at + NOTICED_MS),
  ).length;
}

/** Kills during a request that had no response yet, or that had one. */
function countKills({ faults, receipts }: Run, withResponse: boolean): number {
  const kills = faults.filter(({ kind }) => kind === "kill");
  return kills.filter((kill) =>
    receipts.some((receipt) => {
      const hasResponse = receipt.respondedAt !== null && receipt.respondedAt <= kill.at;
      // A response written just before the kill, on a connection that ended with it, was usually not recorded.
      const IN_RECORD_MS = 20;
      if (hasResponse !== withResponse || explainReceipt(receipt, [kill]) === null) return false;
      return !withResponse || kill.at - (receipt.respondedAt ?? 0) <= IN_RECORD_MS;
    }),
  ).length;
}

function describe(valuesMs: readonly number[]): string {
  const sorted = valuesMs.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  return median === undefined ? "–" : `${median} ms / ${sorted.at(-1)} ms`;
}

export function describeTwice(twice: ReadonlyMap<FaultKind | "unexplained", number>): string {
  const explained = FAULT_KINDS.flatMap((kind) => {
    const count = twice.get(kind);
    return count === undefined ? [] : [`${kind}: ${count}`];
  });
  const sum = FAULT_KINDS.reduce((total, kind) => total + (twice.get(kind) ?? 0), 0);
  return explained.length === 0 ? "0" : `${sum} (${explained.join(", ")})`;
}
