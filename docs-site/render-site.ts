import { readFileSync } from "node:fs";
import { join } from "node:path";
import MiniSearch from "minisearch";
import { type Html, html } from "./html.ts";
import { type Assets, type NavigationSection, renderPage, type Shell } from "./layout.ts";
import { ERROR_INDEX, listPages, listSections, MOVED_SECTIONS, type PageSource } from "./pages.ts";
import { type Document, errorsOf, listOperations, type Operation } from "./reference/operations.ts";
import { operationUrl, renderReference } from "./reference/reference-pages.ts";
import { type Heading, type Passage, renderMarkdown } from "./render-markdown.ts";
import { SEARCH_OPTIONS, type SearchEntry } from "./search-options.ts";
import { Site } from "./site.ts";

type SitePage = {
  readonly path: string;
  readonly title: string;
  readonly body: Html;
  readonly headings: readonly Heading[];
  readonly passages: readonly Passage[];
};

export const SEARCH_INDEX = "search-index.json";

/** Every page of the site by its path, the search index, and the files of the project that pages link to. */
export type RenderedSite = {
  readonly pages: ReadonlyMap<string, string>;
  readonly searchIndex: string;
  readonly files: Site["files"];
  readonly isOnInstance: boolean;
};

export type SiteInput = {
  readonly projectDir: string;
  /** Path of the home page on its origin, such as `/docs`. */
  readonly base: string;
  readonly assets: Assets;
};

export function renderSite({ projectDir, base, assets }: SiteInput): RenderedSite {
  const sources = listPages(projectDir);
  const site = new Site(base, sources);
  const document = JSON.parse(readFileSync(join(projectDir, "openapi.json"), "utf8")) as Document;
  const reference = renderReference(site, document);
  const written = sources.map((source) => renderSource(projectDir, site, source));
  const pages = [...withMoved(site, withOperations(site, document, written)), ...reference];
  const sections = navigation(
    projectDir,
    reference.map(({ path, title }) => ({ path, label: title })),
  );
  const shell: Shell = { site, sections, assets, searchIndex: SEARCH_INDEX };
  return {
    pages: new Map(pages.map((page) => [page.path, renderPage(shell, page)])),
    searchIndex: indexOf(site, pages),
    files: site.files,
    isOnInstance: site.isOnInstance,
  };
}

function renderSource(projectDir: string, site: Site, { source, path, label }: PageSource): SitePage {
  const rendered = renderMarkdown(site, source, readFileSync(join(projectDir, source), "utf8"));
  return { ...rendered, path, title: label ?? rendered.title };
}

/** Adds to each error page the operations that return it. */
function withOperations(site: Site, document: Document, pages: readonly SitePage[]): SitePage[] {
  const operations = listOperations(document);
  const returning = (code: string) =>
    operations.filter((one) => errorsOf(one).some(({ codes }) => codes.includes(code)));
  return pages.map((page) => {
    if (!page.path.startsWith("errors/")) return page;
    const found = returning(page.path.slice("errors/".length));
    return { ...page, body: html`${page.body}${found.length === 0 ? html`` : returnedBy(site, found)}` };
  });
}

function returnedBy(site: Site, operations: readonly Operation[]): Html {
  return html`<h2 id="returned-by">Returned by</h2><ul class="operations">${operations.map(
    (one) =>
      html`<li><a href="${operationUrl(site, one)}"><span class="method">${one.method}</span> <strong>${one.details.summary ?? ""}</strong> <span class="path">${one.path}</span></a></li>`,
  )}</ul>`;
}

/** Adds links to moved sections to their former page, under their old anchors; a script follows the link. */
function withMoved(site: Site, pages: readonly SitePage[]): SitePage[] {
  const titleOf = (target: string) => {
    const [path = "", anchor] = target.split("#");
    const page = pages.find((one) => one.path === path);
    return page?.headings.find((heading) => heading.anchor === anchor)?.text ?? page?.title ?? target;
  };
  return pages.map((page) => {
    const moved = Object.entries(MOVED_SECTIONS[page.path] ?? {});
    if (moved.length === 0) return page;
    const items = moved.map(
      ([anchor, target]) =>
        html`<li id="${anchor}"><a href="${site.url(target)}">${titleOf(target)}</a></li>`,
    );
    return {
      ...page,
      body: html`${page.body}<h2 id="more-pages">More pages</h2><ul class="moved">${items}</ul>`,
    };
  });
}

function navigation(projectDir: string, reference: NavigationSection["links"]): NavigationSection[] {
  const written = listSections(projectDir).map(({ title, pages }) => ({
    title,
    links: pages.map(({ path, label }) => ({ path, label: label ?? path })),
  }));
  const errors = { path: ERROR_INDEX.path, label: ERROR_INDEX.label ?? "" };
  const api = { title: "API", links: [...reference, errors] };
  const isAbove = ({ title }: NavigationSection) => title !== "Operate" && title !== "Project";
  return [...written.filter(isAbove), api, ...written.filter((one) => !isAbove(one))];
}

function indexOf(site: Site, pages: readonly SitePage[]): string {
  const entries = pages.flatMap((page) => page.passages.map((passage) => entryOf(site, page, passage)));
  const index = new MiniSearch<SearchEntry>(SEARCH_OPTIONS);
  index.addAll(entries.map((entry, id) => ({ ...entry, id })));
  return JSON.stringify(index);
}

function entryOf(
  site: Site,
  page: SitePage,
  { heading, text, names = [] }: Passage,
): Omit<SearchEntry, "id"> {
  const title = heading?.text ?? page.title;
  const name = page.path.split("/").at(-1) ?? "";
  const all = heading === null ? [title, name, ...names] : [title, ...names];
  return {
    url: heading === null ? site.url(page.path) : `${site.url(page.path)}#${heading.anchor}`,
    title,
    page: page.title,
    text: `${text} ${name}`,
    names: all.map((one) => one.toLowerCase()),
  };
}
