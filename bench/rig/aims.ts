import type { Item, Row } from "./table.ts";

type Aim = {
  readonly aim: string;
  readonly item: number;
  readonly column: string;
  readonly isMet: (value: number) => boolean;
  /** Selects the rows that count; by default all. */
  readonly includes?: (row: Row) => boolean;
};

const onSqlite = (row: Row) => row["database"] === "sqlite";
const onPostgres = (row: Row) => row["database"] === "postgres";
const untilAccepted = (row: Row) => row["since"] === "accepted";

const AIMS: readonly Aim[] = [
  {
    aim: "end to end on SQLite, % of the ceiling: at least 50",
    item: 3,
    column: "share %",
    isMet: (share) => share >= 50,
    includes: onSqlite,
  },
  {
    aim: "end to end on PostgreSQL, % of the ceiling: at least 35",
    item: 3,
    column: "share %",
    isMet: (share) => share >= 35,
    includes: onPostgres,
  },
  {
    aim: "commits per 1,000 deliveries: at most 20",
    item: 3,
    column: "commits/1000",
    isMet: (commits) => commits <= 20,
  },
  { aim: "resident memory at its peak, MB: under 250", item: 3, column: "MB peak", isMet: (mb) => mb < 250 },
  {
    aim: "p50 from accept to receipt, ms: under 10",
    item: 4,
    column: "p50 ms",
    isMet: (ms) => ms < 10,
    includes: untilAccepted,
  },
  {
    aim: "p99 from accept to receipt, ms: under 50",
    item: 4,
    column: "p99 ms",
    isMet: (ms) => ms < 50,
    includes: untilAccepted,
  },
  {
    aim: "time of a claim, times that of the smallest backlog: at most 1.5",
    item: 5,
    column: "times the smallest",
    isMet: (times) => times <= 1.5,
  },
  { aim: "from launch to ready, ms: at most 500", item: 8, column: "ready ms", isMet: (ms) => ms <= 500 },
  { aim: "idle resident memory, MB: at most 90", item: 8, column: "MB idle", isMet: (mb) => mb <= 90 },
  {
    aim: "resident memory at its peak under single posts, MB: at most 130",
    item: 8,
    column: "MB peak, single",
    isMet: (mb) => mb <= 130,
  },
];

/** The aims with the measured range and the number of cases that meet them. Skips aims of items that did not run. */
export function compareWithAims(found: Readonly<Record<string, Item>>): Row[] {
  return AIMS.flatMap(({ aim, item, column, isMet, includes = () => true }) => {
    const values = (found[item]?.rows ?? [])
      .filter(includes)
      .map((row) => row[column])
      .filter((value) => typeof value === "number");
    if (values.length === 0) return [];
    return {
      aim,
      least: Math.min(...values),
      most: Math.max(...values),
      met: `${values.filter(isMet).length} of ${values.length}`,
    };
  });
}
