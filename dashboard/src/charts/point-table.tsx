import { memo } from "react";
import { count } from "../text/count.ts";
import { intervalWords } from "./interval-words.ts";
import { type Point, totalOf } from "./points.ts";

type PointTableProps = {
  label: string;
  bars: readonly Point[];
  intervalMs: number;
  hasOther: boolean;
  isUtc: boolean;
};

/** The chart as a table for screen readers; intervals in which nothing happened are left out. */
export const PointTable = memo(function PointTable({
  label,
  bars,
  intervalMs,
  hasOther,
  isUtc,
}: PointTableProps) {
  return (
    <div className="sr-only">
      <table>
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">{isUtc ? "Time (UTC)" : "Time"}</th>
            <th scope="col">Delivered</th>
            <th scope="col">Failed</th>
            {hasOther && <th scope="col">Other</th>}
          </tr>
        </thead>
        <tbody>
          {bars
            .filter((bar) => totalOf(bar) > 0)
            .map(({ start, delivered, failed, other = 0 }) => (
              <tr key={start}>
                <th scope="row">{intervalWords(start, start + intervalMs, isUtc)}</th>
                <td>{count(delivered)}</td>
                <td>{count(failed)}</td>
                {hasOther && <td>{count(other)}</td>}
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
});
