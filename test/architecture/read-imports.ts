import { existsSync, realpathSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";

/** The target of an import. Paths are relative to the project; a module is a package or one of Node. */
export type Target =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "module"; readonly name: string }
  | { readonly kind: "unknown" };

export type Import = {
  readonly from: string;
  readonly specifier: string;
  readonly to: Target;
  /** Whether the import is erased at run time. */
  readonly isTypeOnly: boolean;
};

type Specifier = { readonly text: string; readonly isTypeOnly: boolean };

/** Allows more than Node does, such as folders and missing extensions, so that no possible target is missed. */
const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  jsx: ts.JsxEmit.Preserve,
  allowJs: true,
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  noEmit: true,
};

/** Every import of these files: declarations, re-exports, types, calls, and files named for workers. */
export function readImports(projectDir: string, paths: readonly string[]): Import[] {
  const root = realpathSync(projectDir);
  const cache = ts.createModuleResolutionCache(root, (name) => name, OPTIONS);
  return paths.flatMap((from) =>
    specifiersOf(readSource(join(root, from))).map(({ text, isTypeOnly }) => ({
      from,
      specifier: text,
      to: targetOf(root, join(root, from), text, cache),
      isTypeOnly,
    })),
  );
}

export function readSource(file: string): ts.SourceFile {
  return ts.createSourceFile(file, ts.sys.readFile(file) ?? "", ts.ScriptTarget.Latest);
}

function targetOf(root: string, from: string, specifier: string, cache: ts.ModuleResolutionCache): Target {
  if (isBuiltin(specifier)) return { kind: "module", name: specifier.replace(/^node:/, "") };
  const name = nameOf(from, specifier);
  const resolved = ts.resolveModuleName(name, from, OPTIONS, ts.sys, cache).resolvedModule?.resolvedFileName;
  const file = resolved ?? resolve(dirname(from), name);
  if (!existsSync(file) || !statSync(file).isFile()) return { kind: "unknown" };
  const path = relative(root, realpathSync(file));
  const inPackage = path.split("node_modules/").at(-1) ?? "";
  if (inPackage !== path) return { kind: "module", name: packageOf(inPackage) };
  return path.startsWith("..") ? { kind: "unknown" } : { kind: "file", path };
}

/** The path of a relative specifier, which Node treats as a URL with escapes and perhaps a query. */
function nameOf(from: string, specifier: string): string {
  if (!/^(?:\.{0,2}\/|file:)/.test(specifier)) return specifier;
  const url = new URL(specifier, pathToFileURL(from));
  return /%2f/i.test(url.pathname) ? specifier : fileURLToPath(url);
}

/** `@types/pg/index.d.ts` belongs to `pg`. */
function packageOf(path: string): string {
  const [first = "", second = ""] = path.replace(/^@types\//, "").split("/");
  return first.startsWith("@") ? `${first}/${second}` : first;
}

function specifiersOf(source: ts.SourceFile): Specifier[] {
  const found: Specifier[] = source.referencedFiles.map(({ fileName }) => ({
    text: resolve(dirname(source.fileName), fileName),
    isTypeOnly: true,
  }));
  const visit = (node: ts.Node): void => {
    const named = specifierOf(node);
    if (named !== null) found.push({ text: textOf(named.expression, source), isTypeOnly: named.isTypeOnly });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function specifierOf(node: ts.Node): { readonly expression: ts.Node; readonly isTypeOnly: boolean } | null {
  if (ts.isImportDeclaration(node)) {
    return { expression: node.moduleSpecifier, isTypeOnly: node.importClause?.isTypeOnly ?? false };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    return { expression: node.moduleSpecifier, isTypeOnly: node.isTypeOnly };
  }
  if (ts.isExternalModuleReference(node)) return { expression: node.expression, isTypeOnly: false };
  if (ts.isImportTypeNode(node)) return { expression: node.argument, isTypeOnly: true };
  const [first, second] = ts.isCallExpression(node) || ts.isNewExpression(node) ? (node.arguments ?? []) : [];
  if (first === undefined) return null;
  const isLoading = ts.isCallExpression(node) ? isLoader(node.expression) : isOwnUrl(second);
  return isLoading ? { expression: first, isTypeOnly: false } : null;
}

/** `import(…)`, `require(…)`, `require.resolve(…)` and `import.meta.resolve(…)`. */
function isLoader(callee: ts.Expression): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  if (ts.isIdentifier(callee)) return callee.text === "require";
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== "resolve") return false;
  return ts.isMetaProperty(callee.expression) || isLoader(callee.expression);
}

/** The second argument of `new URL("./thread.ts", import.meta.url)`, which names the file of a worker. */
function isOwnUrl(base: ts.Expression | undefined): boolean {
  return base !== undefined && ts.isPropertyAccessExpression(base) && ts.isMetaProperty(base.expression);
}

/** A template that ends with the extension of the running file names a `.ts` source. */
function textOf(expression: ts.Node, source: ts.SourceFile): string {
  if (ts.isLiteralTypeNode(expression)) return textOf(expression.literal, source);
  if (ts.isStringLiteralLike(expression)) return expression.text;
  if (ts.isTemplateExpression(expression) && expression.templateSpans.every(isOwnExtension)) {
    return `${expression.head.text}.ts`;
  }
  return expression.getText(source);
}

function isOwnExtension({ expression, literal }: ts.TemplateSpan): boolean {
  if (!ts.isCallExpression(expression) || !ts.isIdentifier(expression.expression)) return false;
  return expression.expression.text === "extname" && isOwnUrl(expression.arguments[0]) && literal.text === "";
}
