import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { findBanned } from "./words/banned-phrases.ts";
import {
  commentsOfLines,
  commentsOfTypeScript,
  namesOfTests,
  possibleComments,
  type Text,
  textsOfMarkdown,
  textsOfTypeScript,
} from "./words/read-texts.ts";

/** Texts for users: documents, the dashboard, the command line, and those in openapi.json and in problems. */
const TEXTS = [
  "*.md",
  "{docs,examples,clients,deploy,integrations}/**/*.md",
  "{src,dashboard/src,docs-site,bench}/**/*.{ts,tsx}",
  "clients/typescript/{src,examples}/**/*.ts",
  "scripts/*.ts",
];
const UNREAD = /\.test\.ts$|^src\/db\/migrations\/|\.gen\.ts$|\.generated\.ts$|node_modules/;
/** Files that people copy and change, and the CI script. */
const COMMENTED = [
  "Dockerfile",
  "compose*.yaml",
  ".ci/run",
  "deploy/**/*.{yaml,yml,conf,service,tpl}",
  "deploy/caddy/*",
  "examples/**/*.{mjs,py,sh,txt}",
];
const CODE = [
  "{src,test,dashboard/src,docs-site,scripts,bench,examples}/**/*.{ts,tsx}",
  "bin/*.js",
  "clients/typescript/{src,examples}/**/*.{ts,mjs}",
  "integrations/n8n-nodes-opensend/{credentials,nodes}/**/*.ts",
  "integrations/zapier/{*.js,{creates,lib,triggers}/*.js}",
];
/** Their checksums are tested, so their comments cannot change either. */
const FROZEN = /^src\/db\/migrations\/\d/;
const TESTS = ["{src,test,dashboard/src,docs-site,scripts}/**/*.ts"];

const PROJECT_DIR = join(import.meta.dirname, "..");
const find = (globs: readonly string[]) => globSync(globs, { cwd: PROJECT_DIR }).sort();
const read = (path: string) => readFileSync(join(PROJECT_DIR, path), "utf8");

describe("plain English", () => {
  it("is in texts for users", () => {
    const found = find(TEXTS)
      .filter((path) => !UNREAD.test(path))
      .flatMap((path) => bannedIn(path, textsOf(path, read(path))));
    assert.deepEqual(found, [], "see test/words/banned-phrases.ts");
  });

  it("is in the comments of files that people copy", () => {
    const found = find(COMMENTED).flatMap((path) => bannedIn(path, commentsOfLines(read(path))));
    assert.deepEqual(found, [], "see test/words/banned-phrases.ts");
  });

  it("is in comments", () => {
    // Parsing is slow, so only files in which anything like a comment has such a phrase are parsed.
    const mayHaveOne = (path: string) =>
      possibleComments(read(path)).some((text) => findBanned(text).length > 0);
    const found = find(CODE)
      .filter((path) => !FROZEN.test(path) && mayHaveOne(path))
      .flatMap((path) => bannedIn(path, commentsOfTypeScript(path, read(path))));
    assert.deepEqual(found, [], "see test/words/banned-phrases.ts");
  });

  it("is in test names", () => {
    const found = find(TESTS).flatMap((path) => bannedIn(path, namesOfTests(path, read(path))));
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

  it("reads test names, including the parts of templates", () => {
    const source =
      'test("a", () => ok("at once"));\nfor (const x of y) it(`b $' + '{x} c`, run);\nt.test("d", f);';
    assert.deepEqual(
      namesOfTests("a.test.ts", source).map(({ line, text }) => `${line}: ${text}`),
      ["1: a", "2: b ", "2:  c", "3: d"],
    );
  });

  it("reads comments of TypeScript at every position", () => {
    const source = "/** A\n * b `c`. */\nconst d = [ // e\n  1, /* f */ 2]; // g\n// h";
    assert.deepEqual(
      commentsOfTypeScript("a.ts", source).map(({ line, text }) => `${line}: ${text}`),
      ["1: A b code.", "3: e", "4: f", "4: g", "5: h"],
    );
  });

  it("reads line comments", () => {
    assert.deepEqual(commentsOfLines("a: 1 # b\nurl: http://c\n// d `e` f"), [
      { line: 1, text: "b" },
      { line: 3, text: "d code f" },
    ]);
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

function textsOf(path: string, source: string): Text[] {
  return path.endsWith(".md") ? textsOfMarkdown(source) : textsOfTypeScript(path, source);
}

function bannedIn(path: string, texts: readonly Text[]): string[] {
  return texts.flatMap(({ line, text }) => findBanned(text).map((found) => `${path}:${line} ${found}`));
}
