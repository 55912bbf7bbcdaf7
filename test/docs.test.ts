import assert from "node:assert/strict";
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { DOCS_TOPICS } from "../dashboard/src/docs/docs-topics.ts";
import { listPages } from "../docs-site/pages.ts";
import { OPTIONS } from "../src/config/options.ts";
import { ERRORS } from "../src/domain/errors.ts";

const PROJECT_DIR = join(import.meta.dirname, "..");
const ELSEWHERE = new Set(["node_modules", "dist", "data"]);

type Page = { readonly path: string; readonly text: string };

const pages: Page[] = globSync("**/*.md", { cwd: PROJECT_DIR, exclude: (name) => ELSEWHERE.has(name) }).map(
  (path) => ({ path, text: readFileSync(join(PROJECT_DIR, path), "utf8") }),
);
const prose = (page: Page) => page.text.replace(/^```.*?^```/gms, "");

test("these tests find the handwritten pages", () => {
  const paths = pages.map(({ path }) => path);
  for (const path of ["README.md", "docs/security.md", "examples/README.md"]) assert.ok(paths.includes(path));
});

test("every document in docs/ is a page of the site", () => {
  const published = new Set(listPages(PROJECT_DIR).map(({ source }) => source));
  const missing = pages
    .map(({ path }) => path)
    .filter((path) => /^docs\//.test(path) && !published.has(path));
  assert.deepEqual(missing, [], "add them to docs-site/pages.ts");
});

test("every relative link leads to a file, and to an existing heading if it names one", () => {
  const broken = pages.flatMap((page) =>
    linksOf(page).flatMap((link) => {
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? page.path : relative(".", join(dirname(page.path), decodeURI(file)));
      if (!existsSync(join(PROJECT_DIR, target))) return [`${page.path}: ${link}`];
      if (anchor === undefined) return [];
      return anchorsOf(target).has(anchor) ? [] : [`${page.path}: ${link} (no such heading)`];
    }),
  );
  assert.deepEqual(broken, []);
});

test("every npm script that a document runs exists", () => {
  const { scripts } = JSON.parse(readFileSync(join(PROJECT_DIR, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const ran = pages.flatMap((page) =>
    commandsOf(page).flatMap((line) =>
      [...line.matchAll(/\bnpm (?:run (?:--silent |--prefix \S+ )*([\w:-]+)|(start|test)\b)/g)].map(
        (match) => ({
          page: page.path,
          script: match[1] ?? match[2] ?? "",
        }),
      ),
    ),
  );
  assert.deepEqual(
    ran.filter(({ script }) => scripts[script] === undefined),
    [],
  );
  const inReadme = ran.filter(({ page }) => page === "README.md").map(({ script }) => script);
  for (const script of ["start", "test", "demo"]) assert.ok(inReadme.includes(script), script);
});

test("the crash-test figures in the README match the ledger in docs/reliability.md", () => {
  const ledger = readFileSync(join(PROJECT_DIR, "docs", "reliability.md"), "utf8");
  const row = (name: string) => {
    const cells = new RegExp(`^\\| ${name} \\| ([\\d*]+) \\| ([\\d*]+) \\|$`, "m").exec(ledger) ?? [];
    const [sqlite = "?", postgres = "?"] = cells.slice(1).map((cell) => cell.replaceAll("*", ""));
    return Number(sqlite) + Number(postgres);
  };
  const readme = readFileSync(join(PROJECT_DIR, "README.md"), "utf8");
  const [delivered, expected] = [row("Delivered"), row("Deliveries expected")].map((count) =>
    count.toLocaleString("en"),
  );
  assert.match(readme, new RegExp(`${row("`kill -9`")} kills`));
  assert.match(
    readme,
    new RegExp(`${delivered} of ${expected} deliveries arrived, \\*\\*${row("\\*\\*Lost\\*\\*")} lost`),
  );
});

test("every error code has a page, and every page an error code", () => {
  const named = readdirSync(join(PROJECT_DIR, "docs", "errors"))
    .filter((name) => name !== "README.md")
    .sort();
  assert.deepEqual(
    named,
    Object.keys(ERRORS)
      .map((code) => `${code}.md`)
      .sort(),
  );
});

test("every environment variable in a document exists", () => {
  const known = new Set<string>([
    ...Object.values(OPTIONS).flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name])),
    // Variables of the examples and tests, and those that readers set in their shell.
    "OPENSEND_SIGNING_SECRET",
    "OPENSEND_TEST_POSTGRES_URL",
    "OPENSEND_API_KEY",
    "OPENSEND_URL",
  ]);
  const pattern = /\b(?:OPENSEND|INTEGRATION_SECRET|WEBHOOK_SECRET)_[A-Z_]*[A-Z]\b/g;
  const unknown = pages.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].filter(([name]) => !known.has(name)).map(([name]) => `${path}: ${name}`),
  );
  assert.deepEqual(unknown, []);
});

test("every call in a document exists in the API", () => {
  const { paths } = JSON.parse(readFileSync(join(PROJECT_DIR, "openapi.json"), "utf8")) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const calls = pages.flatMap(({ path, text }) =>
    [...text.matchAll(/`(GET|POST|PATCH|PUT|DELETE) (\/api\/[\w{}/-]+)`/g)].map(
      ([, method = "", url = ""]) => ({ path, method, url }),
    ),
  );
  assert.ok(calls.length > 10);
  const unknown = calls.filter(({ method, url }) => paths[url]?.[method.toLowerCase()] === undefined);
  assert.deepEqual(unknown, []);
});

test("every link from the dashboard leads to a page, and to an existing heading if it names one", () => {
  const published = new Map<string, string>(
    listPages(PROJECT_DIR).map(({ path, source }) => [`/docs/${path}`, source]),
  );
  const broken = Object.values(DOCS_TOPICS).filter((link) => {
    const [path = "", anchor] = link.split("#");
    const source = published.get(path);
    return source === undefined || (anchor !== undefined && !anchorsOf(source).has(anchor));
  });
  assert.deepEqual(broken, []);
});

/** Targets of links and images within this repository. */
function linksOf(page: Page): string[] {
  return [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors that GitHub derives from headings. */
function anchorsOf(path: string): Set<string> {
  const text = readFileSync(join(PROJECT_DIR, path), "utf8").replace(/^```.*?^```/gms, "");
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

/** Lines of shell blocks. */
function commandsOf(page: Page): string[] {
  const blocks = page.text.matchAll(/^```(?:bash|sh)\n(.*?)^```/gms);
  return [...blocks].flatMap(([, block = ""]) => block.split("\n"));
}
