import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

/**
 * A secret made on first use and kept in the data folder with mode 0600, for installs outside production. Two
 * processes that start at once end up with the same one: the file appears whole, and only once.
 */
export function keptSecret(
  dataDir: string,
  fileName: string,
): { value: string; made: boolean; path: string } {
  const path = join(dataDir, fileName);
  if (existsSync(path)) return { value: readFileSync(path, "utf8").trim(), made: false, path };
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  const file = openSync(draft, "wx", 0o600);
  try {
    writeSync(file, `${randomBytes(32).toString("base64")}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return { value: readFileSync(path, "utf8").trim(), made: false, path };
  } finally {
    unlinkSync(draft);
  }
  return { value: readFileSync(path, "utf8").trim(), made: true, path };
}
