import { memo } from "react";
import { count } from "../text/count.ts";
import { intervalWords } from "./interval-words.ts";
import { type Point, totalOf } from "./points.ts";

type PointTableProps = {
  label: string;
  bars: readonly Point[];
  intervalMs: number;
  hasOther: boolean;
  unit: string | undefined;
  isUtc: boolean;
};

/** The chart as a table for screen readers, without empty intervals. */
export const PointTable = memo(function PointTable({
  label,
  bars,
  intervalMs,
  hasOther,
  unit,
  isUtc,
}: PointTableProps) {
  return (
    <div className="sr-only">
      <table>
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">{isUtc ? "Time (UTC)" : "Time"}</th>
            {unit === undefined && <th scope="col">Delivered</th>}
            {unit === undefined && <th scope="col">Failed</th>}
            {hasOther && <th scope="col">{unit ?? "Other"}</th>}
          </tr>
        </thead>
        <tbody>
          {bars
            .filter((bar) => totalOf(bar) > 0)
            .map(({ start, delivered, failed, other = 0 }) => (
              <tr key={start}>
                <th scope="row">{intervalWords(start, start + intervalMs, isUtc)}</th>
                {unit === undefined && <td>{count(delivered)}</td>}
                {unit === undefined && <td>{count(failed)}</td>}
                {hasOther && <td>{count(other)}</td>}
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
});
