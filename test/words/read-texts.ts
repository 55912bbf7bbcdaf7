import ts from "typescript";

/** A piece of prose and where it is. */
export type Text = { readonly line: number; readonly text: string };

/** Paragraphs of a Markdown file, without code. */
export function textsOfMarkdown(source: string): Text[] {
  const withoutCode = source
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

/** Attributes and calls whose strings nobody reads. */
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
      const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
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
