import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompressSync, brotliDecompress, constants } from "node:zlib";

/** A part of what browsers load: the output of one build. */
export const PARTS = ["dashboard", "docs"] as const;
export type Part = (typeof PARTS)[number];

/** The files of the builds: folders in a checkout, one packed file in the npm package. */
export type BuiltFiles = {
  /** Whether this part was built. */
  readonly has: (part: Part) => boolean;
  /** The content of a file, such as `assets/index.js` of the dashboard; null if there is none. */
  readonly read: (part: Part, path: string) => Promise<Buffer | null>;
};

/** No segment begins with a dot, so that no path leads out of a folder. */
const PATH = /^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/;

export class FileFolders implements BuiltFiles {
  readonly #folders: Readonly<Record<Part, string>>;

  /** @param folders Where the output of each build is, once it has run. */
  constructor(folders: Readonly<Record<Part, string>>) {
    this.#folders = folders;
  }

  has(part: Part): boolean {
    return existsSync(join(this.#folders[part], "index.html"));
  }

  async read(part: Part, path: string): Promise<Buffer | null> {
    if (!PATH.test(path)) return null;
    try {
      return await readFile(join(this.#folders[part], path));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return null;
      throw error;
    }
  }
}

const decompress = promisify(brotliDecompress);
const LINE_FEED = 0x0a;
/** Some megabytes are kept in memory no longer than someone looks at pages. */
const UNUSED_MS = 10 * 60 * 1000;

/** Beside the bundle of the server. */
export const PACKED_FILES = "pages.br";

/** Reads what `packFiles` wrote. */
export class PackedFiles implements BuiltFiles {
  readonly #file: string;
  #unpacked: Promise<ReadonlyMap<string, Buffer>> | null = null;
  #lastRead: NodeJS.Timeout | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  has(): boolean {
    return true;
  }

  async read(part: Part, path: string): Promise<Buffer | null> {
    this.#unpacked ??= this.#unpack();
    this.#lastRead ??= setTimeout(() => this.#forget(), UNUSED_MS).unref();
    this.#lastRead.refresh();
    const files = await this.#unpacked;
    return files.get(`${part}/${path}`) ?? null;
  }

  async #unpack(): Promise<ReadonlyMap<string, Buffer>> {
    try {
      return unpackFiles(await decompress(await readFile(this.#file)));
    } catch (error) {
      this.#unpacked = null;
      throw error;
    }
  }

  #forget(): void {
    this.#unpacked = null;
    this.#lastRead = null;
  }
}

/**
 * Packs files into one: a line of JSON with the path and length in bytes of each, then their contents, all compressed by
 * Brotli. Pages of one site repeat each other, so the whole is less than half the size of its compressed files.
 */
export function packFiles(files: ReadonlyMap<string, Buffer>): Buffer {
  const index = JSON.stringify([...files].map(([path, content]) => [path, content.length]));
  const whole = Buffer.concat([Buffer.from(`${index}\n`), ...files.values()]);
  return brotliCompressSync(whole, {
    params: {
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: whole.length,
    },
  });
}

function unpackFiles(whole: Buffer): ReadonlyMap<string, Buffer> {
  const end = whole.indexOf(LINE_FEED);
  const index = JSON.parse(whole.toString("utf8", 0, end)) as [path: string, bytes: number][];
  const files = new Map<string, Buffer>();
  let start = end + 1;
  for (const [path, bytes] of index) {
    files.set(path, whole.subarray(start, start + bytes));
    start += bytes;
  }
  return files;
}
