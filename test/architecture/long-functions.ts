import { join } from "node:path";
import ts from "typescript";
import { readSource } from "./read-imports.ts";

/** Functions, methods and closures with more lines than this, including nested ones, from first to last line. */
export function longFunctions(projectDir: string, paths: readonly string[], linesMax: number): string[] {
  return paths.flatMap((path) => {
    const source = readSource(join(projectDir, path));
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isFunctionLike(node) && "body" in node && node.body !== undefined) {
        const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
        const lines = source.getLineAndCharacterOfPosition(node.end).line - first + 1;
        if (lines > linesMax) found.push(`${path}:${first + 1} has ${lines} lines`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}
