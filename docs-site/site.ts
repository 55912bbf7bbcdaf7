import { posix } from "node:path";
import type { PageSource } from "./pages.ts";

/** A file of the project that pages link to and that is published unchanged. */
type PublishedFile = { readonly source: string; readonly path: string };

const PUBLISHED_FOLDERS = {
  "docs/images/": "images/",
  "examples/": "examples/",
  "clients/": "clients/",
  "deploy/": "deploy/",
  "integrations/": "integration-files/",
} as const;

/** The published paths of pages and files: converts links between files of the project into links of the site. */
export class Site {
  /** Path of the home page, such as `/docs`; empty if the site has its own origin. */
  readonly base: string;
  readonly files = new Map<string, PublishedFile>();
  readonly #paths: ReadonlyMap<string, string>;

  constructor(base: string, pages: readonly PageSource[]) {
    this.base = base;
    this.#paths = new Map(pages.map(({ source, path }) => [source, path]));
  }

  /** The dashboard and the served API description exist only on an instance. */
  get isOnInstance(): boolean {
    return this.base === "/docs";
  }

  get openApiUrl(): string {
    return this.isOnInstance ? "/openapi.json" : this.url("openapi.json");
  }

  url(path: string): string {
    if (path === "") return this.base === "" ? "/" : this.base;
    return `${this.base}/${path}`;
  }

  /** The URL of a link in `source`. Throws if it leads to neither a page nor a published file. */
  resolve(source: string, link: string): string {
    if (/^[a-z]+:/.test(link)) return link;
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? source : posix.join(posix.dirname(source), decodeURI(file));
    const page = this.#paths.get(target);
    const url = page === undefined ? this.#publish(target, source) : this.url(page);
    return anchor === undefined ? url : `${url}#${anchor}`;
  }

  #publish(target: string, source: string): string {
    const path = publishedPath(target);
    if (path === null) throw new Error(`${source} links to ${target}, which is not part of the site`);
    this.files.set(target, { source: target, path });
    return this.url(path);
  }
}

function publishedPath(target: string): string | null {
  if (target === "LICENSE") return "LICENSE.txt";
  for (const [folder, path] of Object.entries(PUBLISHED_FOLDERS)) {
    if (target.startsWith(folder)) return `${path}${target.slice(folder.length)}`;
  }
  return null;
}
