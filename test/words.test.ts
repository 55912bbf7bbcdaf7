import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { findBanned } from "./words/banned-phrases.ts";
import { type Text, textsOfMarkdown, textsOfTypeScript } from "./words/read-texts.ts";

/** What users read: documents, the dashboard, the command line, and all that ends up in openapi.json and in problems. */
const SOURCES = [
  "{README,CONTRIBUTING,ARCHITECTURE}.md",
  "docs/*.md",
  "docs/errors/*.md",
  "examples/**/*.md",
  "clients/*/README.md",
  "clients/typescript/{src,examples}/**/*.ts",
  "{src,dashboard/src}/**/*.{ts,tsx}",
  "scripts/*.ts",
];
const UNREAD = /\.test\.ts$|^src\/db\/migrations\/|\.gen\.ts$|\.generated\.ts$/;

/** Phrases that are right where they are, by file. */
const ALLOWED: Readonly<Record<string, readonly RegExp[]>> = {
  // Titles of decisions, which are history.
  "docs/README.md": [/\bholds\b|leased ahead|\bNobody\b|is told/i],
};

const PROJECT_DIR = join(import.meta.dirname, "..");
const files = globSync(SOURCES, { cwd: PROJECT_DIR })
  .filter((path) => !UNREAD.test(path))
  .sort();

describe("plain English", () => {
  it("is what users read", () => {
    const found = files.flatMap(bannedIn);
    assert.deepEqual(found, [], "see test/words/banned-phrases.ts");
  });
});

describe("the check of plain English", () => {
  for (const [text, count] of [
    ["It takes effect at once.", 1],
    ["At most ten requests a minute.", 1],
    ["Wait a minute.", 0],
    ["The receiver answered 404.", 1],
    ["It works. What it does is unclear.", 1],
    ["What changed since it last worked", 0],
    ["What is OpenSend?", 0],
    ["Understand the standard.", 0],
    ["Done!", 1],
    ["a != b", 0],
  ] as const) {
    it(`finds ${count} in "${text}"`, () => assert.equal(findBanned(text).length, count));
  }

  it("reads Markdown without code", () => {
    const markdown = "Fine `at once`.\n\n```bash\necho at once\n```\n\nDone at\nonce.";
    assert.deepEqual(
      textsOfMarkdown(markdown).map(({ line, text }) => `${line}: ${text}`),
      ["1: Fine code.", "7: Done at once."],
    );
  });

  it("reads strings and JSX of TypeScript, but no imports and class names", () => {
    const source =
      'import x from "made at once";\nexport const a = <p className="at once">Made <b>at once</b> {`once`}</p>;';
    assert.deepEqual(
      textsOfTypeScript("a.tsx", source).map(({ text }) => text),
      ["Made", "at once"],
    );
  });
});

function bannedIn(path: string): string[] {
  const source = readFileSync(join(PROJECT_DIR, path), "utf8");
  const texts: Text[] = path.endsWith(".md") ? textsOfMarkdown(source) : textsOfTypeScript(path, source);
  const allowed = ALLOWED[path] ?? [];
  return texts.flatMap(({ line, text }) =>
    findBanned(text)
      .filter((found) => !allowed.some((pattern) => pattern.test(found)))
      .map((found) => `${path}:${line} ${found}`),
  );
}
