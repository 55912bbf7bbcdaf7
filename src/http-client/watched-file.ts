import { readFileSync, statSync } from "node:fs";

/** A small system file, parsed again only when it has changed. A file that cannot be read counts as empty. */
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
      // The file is being replaced or is not ours to read: what was known stays valid.
    }
    return this.#content;
  }
}
