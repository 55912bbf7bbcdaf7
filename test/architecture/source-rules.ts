import type { Import } from "./read-imports.ts";

/** The floor of each folder in `src`, and of each file that is directly in it. */
export type Floors = Readonly<Record<string, number>>;

/** The folder in `src` that contains a file; for a file directly in `src`, its name. */
export function folderOf(path: string): string {
  return path.replace(/^src\//, "").split("/")[0] ?? "";
}

/**
 * Imports that lead to the same floor or a higher one, to a test, or out of `src`.
 *
 * @param root A file on the highest floor that the other folders of that floor may import.
 */
export function upwardImports(imports: readonly Import[], floors: Floors, root: string): string[] {
  const isAllowed = ({ from, to }: Import): boolean => {
    if (to.kind !== "file") return true;
    if (!to.path.startsWith("src/") || isTest(to.path)) return false;
    const [own, other] = [folderOf(from), folderOf(to.path)];
    const [ownFloor, otherFloor] = [floors[own] ?? 0, floors[other] ?? Number.POSITIVE_INFINITY];
    return own === other || otherFloor < ownFloor || (other === root && otherFloor === ownFloor);
  };
  return imports.filter((one) => !isAllowed(one)).map(describeImport);
}

/** Imports that do not resolve, or whose path is computed. */
export function unresolvedImports(imports: readonly Import[]): string[] {
  return imports.filter(({ to }) => to.kind === "unknown").map(describeImport);
}

/** Circular imports at run time; type imports are allowed. */
export function circularImports(imports: readonly Import[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to, isTypeOnly } of imports) {
    if (to.kind === "file" && !isTypeOnly) next.set(from, [...(next.get(from) ?? []), to.path]);
  }
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, ancestors: readonly string[]): void => {
    if (ancestors.includes(path)) found.push([...ancestors.slice(ancestors.indexOf(path)), path].join(" → "));
    if (done.has(path) || ancestors.includes(path)) return;
    for (const to of next.get(path) ?? []) walk(to, [...ancestors, path]);
    done.add(path);
  };
  for (const path of next.keys()) walk(path, []);
  return found;
}

export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path);
}

export function describeImport({ from, specifier, to }: Import): string {
  const target = to.kind === "file" ? to.path : to.kind === "module" ? to.name : "unknown";
  return `${from} imports "${specifier}" (${target})`;
}
