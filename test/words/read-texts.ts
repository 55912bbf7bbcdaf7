import ts from "typescript";

/** A piece of prose with its line. */
export type Text = { readonly line: number; readonly text: string };

/** Paragraphs of a Markdown file, without code. */
export function textsOfMarkdown(source: string): Text[] {
  const withoutCode = source
    // Link targets are not prose.
    .replace(/\]\([^)\s]*\)/g, "]")
    .replace(/^```.*?^```/gms, (block) => block.replace(/[^\n]/g, ""))
    .replace(/`[^`\n]*`/g, "code");
  const texts: Text[] = [];
  let line = 1;
  for (const paragraph of withoutCode.split("\n\n")) {
    texts.push({ line, text: paragraph.replace(/\s+/g, " ").trim() });
    line += paragraph.split("\n").length + 1;
  }
  return texts.filter(({ text }) => text !== "");
}

/** Attributes whose strings are not shown. */
const UNSEEN_ATTRIBUTES = new Set([
  "className",
  "id",
  "to",
  "href",
  "name",
  "type",
  "key",
  "aria-labelledby",
]);

/** Strings and JSX text of a TypeScript file that may be prose: those with a space, or with a capital. */
export function textsOfTypeScript(fileName: string, source: string): Text[] {
  const file = ts.createSourceFile(fileName, source, ts.ScriptTarget.Latest, true);
  const texts: Text[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || isUnseen(node)) return;
    if (isText(node)) {
      const text = node.text
        .replace(/`[^`\n]*`/g, "code")
        .replace(/\s+/g, " ")
        .trim();
      const line = lineOf(file, node.getStart(file));
      if (/ |^[A-Z][a-z]/.test(text)) texts.push({ line, text });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return texts;
}

type TextNode = ts.StringLiteral | ts.TemplateLiteralLikeNode | ts.JsxText;

function isText(node: ts.Node): node is TextNode {
  return (
    ts.isStringLiteral(node) ||
    ts.isNoSubstitutionTemplateLiteral(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddleOrTemplateTail(node) ||
    ts.isJsxText(node)
  );
}

function isUnseen(node: ts.Node): boolean {
  return ts.isJsxAttribute(node) && UNSEEN_ATTRIBUTES.has(node.name.getText());
}

const NAMED = /^(?:test|it|describe|suite)(?:\.\w+)?$|\.test$/;

/** Test names, as printed by a reporter. */
export function namesOfTests(fileName: string, source: string): Text[] {
  const file = ts.createSourceFile(fileName, source, ts.ScriptTarget.Latest, true);
  const texts: Text[] = [];
  const read = (node: ts.Node): void => {
    if (isText(node))
      texts.push({ line: lineOf(file, node.getStart(file)), text: node.text.replace(/`[^`]*`/g, "code") });
    else if (ts.isTemplateExpression(node)) {
      for (const part of [node.head, ...node.templateSpans.map(({ literal }) => literal)]) read(part);
    }
  };
  const visit = (node: ts.Node): void => {
    const name = ts.isCallExpression(node) && NAMED.test(node.expression.getText()) && node.arguments[0];
    if (name) read(name);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return texts;
}

/** Comments of a TypeScript file, without comment marks. */
export function commentsOfTypeScript(fileName: string, source: string): Text[] {
  const file = ts.createSourceFile(fileName, source, ts.ScriptTarget.Latest, true);
  const texts = new Map<number, Text>();
  const read = (position: number): void => {
    const ranges = [
      ...(ts.getLeadingCommentRanges(source, position) ?? []),
      ...(ts.getTrailingCommentRanges(source, position) ?? []),
    ];
    for (const { pos, end } of ranges) {
      texts.set(pos, { line: lineOf(file, pos), text: proseOfComment(source.slice(pos, end)) });
    }
  };
  const visit = (node: ts.Node): void => {
    read(node.getFullStart());
    read(node.getEnd());
    for (const child of node.getChildren(file)) visit(child);
  };
  visit(file);
  return [...texts].sort(([one], [other]) => one - other).map(([, text]) => text);
}

/** All that looks like a comment of TypeScript, without parsing: comments, and parts of strings such as URLs and globs. */
export function possibleComments(source: string): string[] {
  return (source.match(/\/\/[^\n]*|\/\*.*?\*\//gs) ?? []).map(proseOfComment);
}

function proseOfComment(comment: string): string {
  return comment
    .replace(/^\s*(?:\/\*\*?|\*\/|\*|\/\/)|\*\/$/gm, " ")
    .replace(/`[^`]*`/g, "code")
    .replace(/\s+/g, " ")
    .trim();
}

/** Comments in a language whose comments begin with `#` or `//`. */
export function commentsOfLines(source: string): Text[] {
  return source.split("\n").flatMap((content, index) => {
    const text = /(?:^|\s)(?:#|\/\/) (.*)$/.exec(content)?.[1];
    return text === undefined ? [] : [{ line: index + 1, text: text.replace(/`[^`]*`/g, "code") }];
  });
}

function lineOf(file: ts.SourceFile, position: number): number {
  return file.getLineAndCharacterOfPosition(position).line + 1;
}
