import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The file `--cpu-prof` writes: https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile */
type CpuProfile = {
  readonly nodes: readonly ProfileNode[];
  /** Microseconds of the machine's monotonic clock. */
  readonly startTime: number;
  readonly samples: readonly number[];
  /** Microseconds since the previous sample. */
  readonly timeDeltas: readonly number[];
};

type ProfileNode = {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
};

/** Microseconds per function within a time span; `total` includes the functions it called. */
export type FunctionTime = {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly self: number;
  readonly total: number;
};

export type ProfileTimes = {
  readonly functions: readonly FunctionTime[];
  readonly all: number;
  /** Time with a matching file anywhere on the stack. */
  readonly below: (matches: (file: string) => boolean) => number;
  /** Time of statements whose caller is not on the stack because it waits for them. */
  readonly unseenStatements: number;
};

const PROJECT_DIR = join(import.meta.dirname, "..", "..");

/** Adds up the samples between two points of `monotonicMicroseconds`. */
export function readCpuProfile(path: string, from: number, to: number): ProfileTimes {
  const profile = JSON.parse(readFileSync(path, "utf8")) as CpuProfile;
  const selfById = new Map<number, number>();
  let at = profile.startTime;
  for (const [index, delta] of profile.timeDeltas.entries()) {
    at += delta;
    const id = profile.samples[index] ?? 0;
    if (at >= from && at <= to) selfById.set(id, (selfById.get(id) ?? 0) + Math.max(0, delta));
  }
  const functions = addUp(profile, selfById);
  const below = (matches: (file: string) => boolean) => timeBelow(profile, selfById, matches);
  const isStatement = (file: string) =>
    /^node_modules\/(kysely|pg|pg-pool|pg-protocol)\/|^src\/db\//.test(file);
  const isOwn = (file: string) => /^src\/(?!db\/)/.test(file);
  return {
    functions,
    all: functions.reduce((sum, { self }) => sum + self, 0),
    below,
    unseenStatements: below((file) => isStatement(file) || isOwn(file)) - below(isOwn),
  };
}

function timeBelow(
  { nodes }: CpuProfile,
  selfById: ReadonlyMap<number, number>,
  matches: (file: string) => boolean,
): number {
  const nodeById = new Map(nodes.map((node) => [node.id, node]));
  const walk = (node: ProfileNode, isBelow: boolean): number => {
    const isIn = isBelow || matches(fileOf(node.callFrame.url));
    let sum = isIn ? (selfById.get(node.id) ?? 0) : 0;
    for (const id of node.children ?? []) {
      const child = nodeById.get(id);
      if (child !== undefined) sum += walk(child, isIn);
    }
    return sum;
  };
  const [root] = nodes;
  return root === undefined ? 0 : walk(root, false);
}

export function monotonicMicroseconds(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** A function has nodes in many places of the tree; within one path it counts once towards its total. */
function addUp({ nodes }: CpuProfile, selfById: ReadonlyMap<number, number>): FunctionTime[] {
  const nodeById = new Map(nodes.map((node) => [node.id, node]));
  const sums = new Map<string, { -readonly [K in keyof FunctionTime]: FunctionTime[K] }>();
  const enter = (node: ProfileNode, path: readonly string[]): number => {
    const { functionName, url, lineNumber } = node.callFrame;
    const name = functionName === "" ? "(anonymous)" : functionName;
    const key = `${name} ${url}:${lineNumber}`;
    const self = selfById.get(node.id) ?? 0;
    const inside = [...path, key];
    let total = self;
    for (const id of node.children ?? []) {
      const child = nodeById.get(id);
      if (child !== undefined) total += enter(child, inside);
    }
    const sum = sums.get(key) ?? { name, file: fileOf(url), line: lineNumber + 1, self: 0, total: 0 };
    sum.self += self;
    if (!path.includes(key)) sum.total += total;
    sums.set(key, sum);
    return total;
  };
  const [root] = nodes;
  if (root !== undefined) enter(root, []);
  return [...sums.values()];
}

function fileOf(url: string): string {
  if (url === "") return "(native)";
  if (!url.startsWith("file:")) return url;
  const path = relative(PROJECT_DIR, fileURLToPath(url));
  return path.slice(Math.max(0, path.indexOf("node_modules/")));
}
