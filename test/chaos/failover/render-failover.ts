import { describeTwice } from "../render-ledger.ts";
import type { FailoverRun } from "./run-failover.ts";

/** A Markdown table with a row per run, ready for docs/reliability.md. */
export function renderFailover(runs: readonly FailoverRun[]): string {
  const columns: (readonly [name: string, value: (run: FailoverRun) => string | number])[] = [
    ["Fault", ({ title }) => title],
    ["Duration", ({ durationMs }) => `${Math.round(durationMs / 1000)} s`],
    ["Events acknowledged", ({ ledger }) => ledger.eventsAcknowledged],
    ["… in strict order", ({ orderedEvents }) => orderedEvents],
    ["Delivered", ({ ledger }) => `${ledger.deliveriesDelivered} of ${ledger.deliveriesExpected}`],
    ["**Lost**", ({ ledger }) => `**${ledger.lost}**`],
    ["Delivered twice, in flight", ({ ledger }) => describeTwice(ledger.twice)],
    ["**Delivered twice, otherwise**", ({ ledger }) => `**${ledger.twice.get("unexplained") ?? 0}**`],
    ["Connections taken over after, median / worst", describeTakeover],
    ["Events flow again after", ({ recoveryMs }) => (recoveryMs === null ? "–" : `${recoveryMs} ms`)],
  ];
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [
    line(columns.map(([name]) => name)),
    line(["---", ...columns.slice(1).map(() => "---:")]),
    ...runs.map((run) => line(columns.map(([, value]) => value(run)))),
  ].join("\n");
}

function describeTakeover({ takeover }: FailoverRun): string {
  if (takeover === null) return "–";
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  return `${takeover.connections}: ${seconds(takeover.medianMs)} / ${seconds(takeover.worstMs)}`;
}
