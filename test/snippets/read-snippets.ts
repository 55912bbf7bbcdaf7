/** A code block of a document. */
export type Snippet = {
  readonly path: string;
  readonly line: number;
  readonly language: string;
  readonly code: string;
  /** The comment directly above: `not run: <reason>`, `run as: <how>`, or `file: <the file it shows>`. */
  readonly remark: { readonly kind: string; readonly text: string } | null;
};

const BLOCK = /^(?<indent> *)```(?<language>[\w-]+)\n(?<code>.*?)^\k<indent>```$/gms;
const REMARK = /<!-- (not run|run as|file): ([^>]+) -->\n+ *$/;

/** The code blocks of a document that name their language. */
export function readSnippets(path: string, markdown: string): Snippet[] {
  return [...markdown.matchAll(BLOCK)].map((match) => {
    const { indent = "", language = "", code = "" } = match.groups ?? {};
    const [, kind = "", text] = REMARK.exec(markdown.slice(0, match.index)) ?? [];
    return {
      path,
      line: markdown.slice(0, match.index).split("\n").length,
      language,
      code: code.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
      remark: text === undefined ? null : { kind, text },
    };
  });
}

/** Whether a block only runs npm scripts of this project, which `test/docs.test.ts` checks to exist. */
export function isProjectCommand({ language, code }: Snippet): boolean {
  const lines = code.split("\n").filter((line) => line !== "");
  const isScript =
    /^(?:[A-Z_]+=\S+ )*npm (?:(?:install|ci|start|test)\b(?: && npm (?:start|test)$| -- |$|\s)|run (?!.*\bopensend\b))/;
  return language === "bash" && lines.every((line) => isScript.test(line));
}
