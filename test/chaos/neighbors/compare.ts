import { quantile } from "../quantile.ts";

/** What a run of steady posts came to; an event that was refused or did not arrive took for ever. */
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

/** One run alone and one under attack, right after each other. */
export type Pair = { readonly alone: Figures; readonly attacked: Figures };

export type Comparison = {
  readonly what: "accept" | "delivery";
  readonly aloneMs: number;
  readonly attackedMs: number;
  readonly ratio: number;
};

/** A pause of a few milliseconds is the machine's: a p99 alone that is shorter counts as this. */
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

/** The median of the ratios of pairs, and of the times on either side. */
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
