import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Variant } from "./subject.ts";

export type BenchOptions = {
  readonly items: readonly number[];
  readonly rounds: number;
  /** Few events and one round: checks that the benchmark works, without a meaningful measurement. */
  readonly isQuick: boolean;
  readonly variants: readonly Variant[];
  readonly connections: readonly number[];
  readonly jsonFile: string;
};

export const ITEMS = [1, 2, 3, 4, 5, 6, 7, 8] as const;
const ROUNDS = 5;
const CONNECTIONS = [1, 10, 1000];
const VARIANTS: readonly Variant[] = [
  { database: "sqlite", workers: 1 },
  { database: "postgres", workers: 1 },
  { database: "postgres", workers: 2 },
];

/** @throws for an unknown argument. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      items: { type: "string" },
      rounds: { type: "string" },
      quick: { type: "boolean" },
      databases: { type: "string" },
      workers: { type: "string" },
      connections: { type: "string" },
      json: { type: "string" },
      old: { type: "string" },
    },
  });
  const isQuick = values.quick === true;
  const databases = values.databases?.split(",");
  const workers = readNumbers(values.workers);
  return {
    items: readNumbers(values.items) ?? ITEMS,
    rounds: readNumbers(values.rounds)?.[0] ?? (isQuick ? 1 : ROUNDS),
    isQuick,
    variants: VARIANTS.filter(
      (variant) =>
        (databases?.includes(variant.database) ?? true) && (workers?.includes(variant.workers) ?? true),
    ).flatMap((variant) => oldAndNew(variant, values.old)),
    connections: readNumbers(values.connections) ?? CONNECTIONS,
    jsonFile: values.json ?? join(tmpdir(), "opensend-bench.json"),
  };
}

/** Sequentially, so that each has the whole machine. */
function oldAndNew(variant: Variant, oldDir: string | undefined): readonly Variant[] {
  if (oldDir === undefined) return [variant];
  return [
    { ...variant, program: "old", oldDir },
    { ...variant, program: "new" },
  ];
}

function readNumbers(text: string | undefined): number[] | null {
  if (text === undefined) return null;
  const numbers = text.split(",").map(Number);
  if (numbers.some((number) => !Number.isInteger(number) || number < 1))
    throw new Error(`not numbers: ${text}`);
  return numbers;
}
