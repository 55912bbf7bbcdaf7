import { readFileSync, statSync } from "node:fs";

/** A small system file, parsed again only after it has changed. A missing file counts as empty. */
export class WatchedFile<Content> {
  readonly #path: string;
  readonly #parse: (text: string) => Content;
  #content: Content;
  #version = "";

  constructor(path: string, parse: (text: string) => Content) {
    this.#path = path;
    this.#parse = parse;
    this.#content = parse("");
  }

  /** The same object until the file changes. */
  read(): Content {
    try {
      const stats = statSync(this.#path, { throwIfNoEntry: false });
      const version = stats === undefined ? "" : `${stats.ino} ${stats.size} ${stats.mtimeMs}`;
      if (version === this.#version) return this.#content;
      this.#content = this.#parse(stats === undefined ? "" : readFileSync(this.#path, "utf8"));
      this.#version = version;
    } catch {
      // The file is being replaced or cannot be read: the last content stays valid.
    }
    return this.#content;
  }
}
