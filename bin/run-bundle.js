import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { constants, Script } from "node:vm";
import { crc32 } from "node:zlib";

const CHECKSUM_BYTES = 4;

/**
 * Runs a CommonJS file that contains only ASCII, with the code that V8 compiled for it in an earlier process. Node's
 * own compile cache lacks functions that were first called after a file was loaded, which are most of them, so each
 * start would compile them again.
 *
 * @param {string} file
 * @param {string | undefined} cacheDir If undefined, nothing is cached.
 */
export function runBundle(file, cacheDir) {
  const bytes = readFileSync(file);
  const cacheFile = cacheDir === undefined ? null : join(cacheDir, "bundle.bin");
  // A checksum is needed because V8 compares only the length of a source.
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32LE(crc32(bytes));
  const cachedData = cacheFile === null ? undefined : readCode(cacheFile, checksum);
  const source = `(function (exports, require, module, __filename, __dirname) {${bytes.toString("latin1")}\n})`;
  const script = new Script(source, {
    filename: file,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const isCached = cachedData !== undefined && script.cachedDataRejected !== true;
  const require = createRequire(file);
  const module = new Module(file);
  module.loaded = true;
  // Parts that are loaded later require this file, and must not run it again.
  require.cache[file] = module;
  script.runInThisContext()(module.exports, require, module, file, dirname(file));
  return {
    /** Whether the compiled code of an earlier process was used. */
    isCached,
    /** Stores the code compiled so far for the next process. */
    cacheCode: () => {
      if (cacheFile !== null && !isCached) writeCode(cacheFile, checksum, script.createCachedData());
    },
  };
}

/**
 * @param {string} file
 * @param {Buffer} checksum
 */
function readCode(file, checksum) {
  if (!existsSync(file)) return undefined;
  const cached = readFileSync(file);
  return cached.subarray(0, CHECKSUM_BYTES).equals(checksum) ? cached.subarray(CHECKSUM_BYTES) : undefined;
}

/**
 * @param {string} file
 * @param {Buffer} checksum
 * @param {Buffer} code
 */
function writeCode(file, checksum, code) {
  try {
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, Buffer.concat([checksum, code]), { mode: 0o600 });
    renameSync(unfinished, file);
  } catch {
    // The folder may be read-only or the disk full; the cache is optional.
  }
}
