import { count } from "../text/count.ts";
import { intervalWords } from "./interval-words.ts";
import type { Point } from "./points.ts";

type RangeTipProps = {
  fromMs: number;
  toMs: number;
  sum: Omit<Point, "start">;
  hasOther: boolean;
  unit: string | undefined;
  isUtc: boolean;
  /** The middle of the range and the width of the chart, in pixels. */
  center: number;
  width: number;
};

const HALF_WIDTH = 100;

/**
 * The exact numbers of a range, shown above it, in local time and in UTC. Screen readers read the chart's value
 * instead.
 */
export function RangeTip({ fromMs, toMs, sum, hasOther, unit, isUtc, center, width }: RangeTipProps) {
  const left = Math.min(Math.max(center, HALF_WIDTH), Math.max(HALF_WIDTH, width - HALF_WIDTH));
  const [local, utc] = [intervalWords(fromMs, toMs, false), intervalWords(fromMs, toMs, true)];
  const hasLocal = !isUtc && local !== utc;
  const { delivered, failed, other = 0 } = sum;
  const total = delivered + failed + other;
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute bottom-full z-20 mb-1 w-50 -translate-x-1/2 rounded-control border border-line bg-surface px-3 py-2 text-badge shadow-popup"
      style={{ left }}
    >
      {hasLocal && <p className="font-medium">{local}</p>}
      <p className={hasLocal ? "text-subtle" : "font-medium"}>
        <span>{utc}</span> <span>UTC</span>
      </p>
      <dl className="mt-1 grid grid-cols-[1fr_auto] gap-x-4">
        {unit === undefined && <TipRow word="Delivered" value={count(delivered)} />}
        {unit === undefined && <TipRow word="Failed" value={count(failed)} />}
        {hasOther && <TipRow word={unit ?? "Other"} value={count(other)} />}
        {failed > 0 && <TipRow word="Failed share" value={shareWords(failed / total)} />}
      </dl>
    </div>
  );
}

function TipRow({ word, value }: { word: string; value: string }) {
  return (
    <>
      <dt className="text-muted">{word}</dt>
      <dd className="text-right">{value}</dd>
    </>
  );
}

function shareWords(share: number): string {
  const percent = share * 100;
  if (percent < 0.1) return "under 0.1 %";
  return `${percent >= 10 ? Math.round(percent) : percent.toFixed(1)} %`;
}
