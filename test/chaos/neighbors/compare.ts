import { quantile } from "../quantile.ts";

/** The latencies of a run of steady posts; infinite for an event that was refused or did not arrive. */
export type Latencies = {
  readonly acceptMs: readonly number[];
  readonly deliveryMs: readonly number[];
};

export type Figures = {
  readonly acceptP99: number;
  readonly deliveryP99: number;
  readonly events: number;
  readonly refused: number;
  readonly missing: number;
};

/** A run alone and a run under attack, one right after the other. */
export type Pair = { readonly alone: Figures; readonly attacked: Figures };

export type Comparison = {
  readonly what: "accept" | "delivery";
  readonly aloneMs: number;
  readonly attackedMs: number;
  readonly ratio: number;
};

/** Pauses of a few milliseconds come from the machine, so a shorter p99 counts as this. */
export const FLOOR_MS = 5;
export const RATIO_MAX = 1.5;
const KINDS = { accept: "acceptP99", delivery: "deliveryP99" } as const;

export function summarize({ acceptMs, deliveryMs }: Latencies): Figures {
  const endless = (values: readonly number[]) =>
    values.filter((ms) => ms === Number.POSITIVE_INFINITY).length;
  return {
    acceptP99: quantile(acceptMs, 0.99),
    deliveryP99: quantile(deliveryMs, 0.99),
    events: acceptMs.length,
    refused: endless(acceptMs),
    missing: endless(deliveryMs) - endless(acceptMs),
  };
}

export function ratioOf({ alone, attacked }: Pair, what: Comparison["what"]): number {
  const p99 = KINDS[what];
  return Math.max(FLOOR_MS, attacked[p99]) / Math.max(FLOOR_MS, alone[p99]);
}

/** The medians of the pairs' ratios, and of the times on either side. */
export function compare(pairs: readonly Pair[]): Comparison[] {
  return (["accept", "delivery"] as const).map((what) => ({
    what,
    aloneMs: median(pairs.map(({ alone }) => alone[KINDS[what]])),
    attackedMs: median(pairs.map(({ attacked }) => attacked[KINDS[what]])),
    ratio: median(pairs.map((pair) => ratioOf(pair, what))),
  }));
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
