import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startPostgres } from "../test/support/start-postgres.ts";
import { measureEndToEnd } from "./items/end-to-end.ts";
import { measureSteady } from "./items/steady.ts";
import { type FunctionTime, monotonicMicroseconds, readCpuProfile } from "./rig/cpu-profile.ts";
import { readOptions } from "./rig/options.ts";
import { startRig } from "./rig/rig.ts";
import { makeConnections, openSubject } from "./rig/subject.ts";
import { formatTable } from "./rig/table.ts";

/**
 * Where the program spends CPU time while it accepts and delivers: by area, by file and by function. The load runs once
 * before the measurement, so that compilation is not counted.
 *
 *   node --disable-warning=ExperimentalWarning bench/profile.ts [--database sqlite|postgres] [--connections 10]
 *        [--form batch|single] [--events 20000] [--rate 200] [--top 40] [--keep FOLDER]
 *
 * With --rate, single events are posted at that rate per second for 20 seconds, instead of as fast as possible.
 */
const { values } = parseArgs({
  options: {
    database: { type: "string", default: "sqlite" },
    connections: { type: "string", default: "10" },
    form: { type: "string", default: "batch" },
    events: { type: "string", default: "20000" },
    rate: { type: "string" },
    top: { type: "string", default: "40" },
    keep: { type: "string" },
  },
});
const database = values.database === "postgres" ? "postgres" : "sqlite";
const form = values.form === "single" ? "single" : "batch";
const connections = Number(values.connections);
const rate = values.rate === undefined ? null : Number(values.rate);
const STEADY_MS = 20_000;
/** Files used only for statistics. */
const STATISTICS = /^src\/(statistics\/|dispatch\/(count|log)-attempts\.ts)/;
const events = rate === null ? Number(values.events) : (rate * STEADY_MS) / 1000;
const top = Number(values.top);

const postgres = database === "postgres" ? await startPostgres() : null;
if (postgres !== null) process.env["OPENSEND_TEST_POSTGRES_URL"] = postgres.url;
const folder = values.keep ?? mkdtempSync(join(tmpdir(), "opensend-profile-"));

const rig = await startRig(readOptions([]));
const subject = await openSubject({ database, workers: 1 }, folder);
await makeConnections(subject, rig.receiverUrl, connections);
const run = async (): Promise<number> => {
  if (rate !== null) return (await measureSteady(rig, subject, rate, STEADY_MS)).perSecond;
  return (await measureEndToEnd(rig, subject, { connections, form, events })).deliveriesPerSecond;
};
await run();
const from = monotonicMicroseconds();
const perSecond = Math.round(await run());
const to = monotonicMicroseconds();
await subject.stop();
await subject.remove();
await rig.stop();
postgres?.stop();

const [file = ""] = readdirSync(folder).filter((name) => name.endsWith(".cpuprofile"));
const { functions, all, below, unseenStatements } = readCpuProfile(join(folder, file), from, to);
if (values.keep === undefined) rmSync(folder, { recursive: true });

console.log(
  `${events} events by ${form} on ${database}, ${connections} connections: ${perSecond} deliveries/s`,
);
console.log(`${Math.round((all / events) * 10) / 10} µs of time an event, of which:\n`);
printStatistics();
console.log(formatTable({ title: "By area", rows: groupedRows(functions, areaOf, 20) }));
console.log(formatTable({ title: "By file", rows: groupedRows(functions, (one) => one.file, top) }));
console.log(
  formatTable({
    title: "By function, without what it called",
    rows: functions
      .toSorted((a, b) => b.self - a.self)
      .slice(0, top)
      .map(functionRow),
  }),
);
console.log(
  formatTable({
    title: "Functions of this project, with what they called",
    rows: functions
      .filter((one) => /^(src|node_modules)\//.test(one.file) && one.name !== "(anonymous)")
      .toSorted((a, b) => b.total - a.total)
      .slice(0, top)
      .map(functionRow),
  }),
);

/** The cost of statistics and issues: logging with each commit, and folding. Idle time is not counted in the total. */
function printStatistics(): void {
  const idle = functions.filter(({ name }) => name === "(idle)").reduce((sum, { self }) => sum + self, 0);
  const busy = all - idle;
  const own = below((path) => STATISTICS.test(path));
  const percent = (part: number) => `${((100 * part) / busy).toFixed(1)} %`;
  console.log(
    `Statistics and issues: ${percent(own)} of the CPU time, ${(own / events).toFixed(1)} µs an event; with all statements whose caller the profile does not show, of whatever purpose, at most ${percent(own + unseenStatements)}. The aim is 5 %.\n`,
  );
}

function groupedRows(all: readonly FunctionTime[], groupOf: (one: FunctionTime) => string, rowsMax: number) {
  return [...Map.groupBy(all, groupOf)]
    .map(([group, members]) => ({ group, self: members.reduce((sum, one) => sum + one.self, 0) }))
    .toSorted((a, b) => b.self - a.self)
    .slice(0, rowsMax)
    .map(({ group, self }) => ({ ...amounts(self), of: group }));
}

function functionRow({ name, file, line, self, total }: FunctionTime) {
  return { ...amounts(self), "total µs/event": total / events, function: name, at: `${file}:${line}` };
}

function amounts(self: number) {
  return { "%": (self / all) * 100, "µs/event": self / events };
}

/** A folder of src, a package, Node itself, or a name in the profiler's parentheses. */
function areaOf({ name, file }: FunctionTime): string {
  if (file === "(native)") return name.startsWith("(") ? name : "native functions";
  if (file.startsWith("node:")) return "node";
  const parts = file.split("/");
  if (parts[0] !== "node_modules") return parts.slice(0, 2).join("/");
  return parts.slice(1, parts[1]?.startsWith("@") === true ? 3 : 2).join("/");
}
