import { setImmediate as letOthersRun } from "node:timers/promises";

/** The longest time that work over many rows blocks others. */
const SLICE_MS = 4;
/** Rows between two looks at the clock. */
const ROWS_PER_LOOK = 16;

/** Processes many rows, yielding to other work every few milliseconds. */
export async function inSlices<Row>(rows: readonly Row[], work: (row: Row) => void): Promise<void> {
  let startedAt = performance.now();
  for (const [index, row] of rows.entries()) {
    work(row);
    if (index % ROWS_PER_LOOK !== ROWS_PER_LOOK - 1 || performance.now() - startedAt < SLICE_MS) continue;
    await letOthersRun();
    startedAt = performance.now();
  }
}
