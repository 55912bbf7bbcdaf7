import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ERRORS } from "../src/domain/errors.ts";
import { MOVED_SECTIONS } from "./pages.ts";
import { type RenderedSite, renderSite } from "./render-site.ts";

const PROJECT_DIR = join(import.meta.dirname, "..");
const assets = { style: "s.css", script: "s.js", theme: "t.js", icon: "i.svg" };
const OUTSIDE = new Set(["/", "/openapi.json"]);

for (const base of ["/docs", ""]) {
  const site = renderSite({ projectDir: PROJECT_DIR, base, assets });
  const page = (path: string) => site.pages.get(path) ?? assert.fail(`no page at ${path}`);

  describe(`the documentation at "${base}"`, () => {
    it("links to pages, files and headings that exist", () => {
      const broken = [...site.pages].flatMap(([path, html]) =>
        linksOf(html)
          .filter((link) => !leadsSomewhere(site, base, path, link))
          .map((link) => `${path}: ${link}`),
      );
      assert.deepEqual(broken, []);
    });

    it(
      base === "" ? "shows the pictures of the dashboard" : "omits pictures of the dashboard on an instance",
      () => {
        assert.equal(page("introduction").includes("<img"), base === "");
        assert.equal(
          [...site.files.keys()].some((path) => path.startsWith("docs/images/")),
          base === "",
        );
        assert.doesNotMatch(page("introduction"), /<p><\/p>/);
      },
    );

    it("has a page for every error code, with cause, fix and the operations that return it", () => {
      for (const code of Object.keys(ERRORS)) {
        const html = page(`errors/${code}`);
        assert.match(html, /<h2 id="cause">/, code);
        assert.match(html, /<h2 id="fix">/, code);
      }
      assert.match(page("errors/event_id_reused"), /id="returned-by".*?\/api\/events#createEvent"/s);
    });

    it("has samples in three languages for every operation", () => {
      const sections = [...site.pages]
        .filter(([path]) => path.startsWith("api/"))
        .flatMap(([, html]) => html.split('<section class="operation">').slice(1));
      assert.ok(sections.length > 60, String(sections.length));
      for (const section of sections) {
        for (const language of ["curl", "typescript", "python"]) {
          const found = section.includes(`data-language="${language}"><code>`);
          assert.ok(found, `${section.slice(0, 100)} has no sample in ${language}`);
        }
      }
    });

    it("has one h1 per page, and no inline code that a strict policy refuses", () => {
      for (const [path, html] of site.pages) {
        assert.equal(html.match(/<h1>/g)?.length, 1, path);
        assert.doesNotMatch(html, /<script>|<style|\sstyle=|\son\w+=/, path);
        assert.doesNotMatch(html, /^(?:<!--|&lt;!--)/m, path);
        const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
        assert.equal(new Set(ids).size, ids.length, `${path} has an id twice`);
      }
    });

    it("keeps the URLs of sections that have moved", () => {
      for (const [path, sections] of Object.entries(MOVED_SECTIONS)) {
        for (const [anchor, target] of Object.entries(sections)) {
          const url = `${base}/${target}`;
          assert.ok(page(path).includes(`<li id="${anchor}"><a href="${url}">`), `${path}#${anchor}`);
          assert.ok(leadsSomewhere(site, base, path, url), url);
        }
      }
    });

    it("indexes operations, errors and sections for search", () => {
      assert.ok(site.searchIndex.includes(`"url":"${base}/api/events#createEvent"`));
      assert.ok(site.searchIndex.includes(`"url":"${base}/errors/rate_limited"`));
      assert.ok(site.searchIndex.includes(`"url":"${base}/backup#backup"`));
    });
  });
}

function linksOf(html: string): string[] {
  return [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)]
    .map(([, link = ""]) => link)
    .filter((link) => !/^[a-z]+:/.test(link));
}

function leadsSomewhere(site: RenderedSite, base: string, from: string, link: string): boolean {
  if (base !== "" && OUTSIDE.has(link)) return true;
  const [url = "", anchor] = link.split("#");
  if (url !== "" && url !== base && url !== "/" && !url.startsWith(`${base}/`)) return false;
  const path = url === "" ? from : url.slice(base.length).replace(/^\//, "");
  const html = site.pages.get(path);
  if (html !== undefined) return anchor === undefined || html.includes(` id="${anchor}"`);
  const files = [...site.files.values()].map((file) => file.path);
  return [...files, ...Object.values(assets), "openapi.json"].includes(path);
}

describe("links to the documentation", () => {
  const site = renderSite({ projectDir: PROJECT_DIR, base: "/docs", assets });

  it("in the dashboard, the program and its errors lead to existing pages", () => {
    const files = globSync("{src,dashboard/src}/**/*.{ts,tsx}", { cwd: PROJECT_DIR });
    const links = files
      .filter((file) => !file.includes(".test."))
      .flatMap((file) => {
        const text = readFileSync(join(PROJECT_DIR, file), "utf8");
        return [...text.matchAll(/["'`\s](\/docs(?:[/#][\w#/-]*)?)["'`\s,.]/g)].map(([, link = ""]) => ({
          file,
          link,
        }));
      });
    assert.ok(links.length > 10);
    const broken = links.filter(({ link }) => !leadsSomewhere(site, "/docs", "", link.replace(/\/$/, "")));
    assert.deepEqual(broken, []);
  });
});
