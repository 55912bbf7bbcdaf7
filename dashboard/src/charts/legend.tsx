import { count } from "../text/count.ts";
import { type Point, sumOf } from "./points.ts";

type LegendProps = { bars: readonly Point[]; hasOther: boolean; unit: string | undefined };

/** The colors' meaning, with the total of each. */
export function Legend({ bars, hasOther, unit }: LegendProps) {
  const { delivered, failed, other } = sumOf(bars);
  return (
    <ul className="mb-2 flex flex-wrap gap-x-4 gap-y-1 text-table text-muted">
      {unit === undefined && <LegendItem color="bg-ok-dot" word="Delivered" value={delivered} />}
      {unit === undefined && <LegendItem color="bg-err-dot" word="Failed" value={failed} />}
      {hasOther && <LegendItem color="bg-idle-dot" word={unit ?? "Other"} value={other} />}
    </ul>
  );
}

function LegendItem({ color, word, value }: { color: string; word: string; value: number }) {
  return (
    <li className="flex items-center gap-1.5">
      <span aria-hidden className={`size-2.5 rounded-[2px] ${color}`} />
      <span>{word}</span>
      <span className="font-medium text-fg">{count(value)}</span>
    </li>
  );
}
