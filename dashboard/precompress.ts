import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/** A smaller file already fits into one packet. */
const BYTES_MIN = 1400;
/** Fonts and images are already compressed. */
const COMPRESSIBLE = /\.(?:js|css|svg)$/;

/** Writes two compressed copies next to each asset, at the highest compression level; the server sends those. */
export function precompress(): Plugin {
  return {
    name: "precompress",
    apply: "build",
    writeBundle({ dir = "" }) {
      const folder = join(dir, "assets");
      for (const name of readdirSync(folder).filter((file) => COMPRESSIBLE.test(file))) {
        const bytes = readFileSync(join(folder, name));
        if (bytes.length < BYTES_MIN) continue;
        const hint = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } };
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes, hint));
        writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }));
      }
    },
  };
}
