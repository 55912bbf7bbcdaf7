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
import { cleanValue } from "./clean-value.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { OptionError } from "./option-error.ts";

/**
 * A secret generated on first use and kept in the data folder with mode 0600, for installs outside production. Two
 * processes that start at the same time get the same secret: the file appears complete, and only once.
 *
 * @throws {ConfigurationError} when the file contains no secret.
 */
export function storedSecret(
  dataDir: string,
  fileName: string,
): { value: string; created: boolean; path: string } {
  const path = join(dataDir, fileName);
  if (existsSync(path)) return { value: readStored(path), created: false, path };
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
    return { value: readStored(path), created: false, path };
  } finally {
    unlinkSync(draft);
  }
  return { value: readStored(path), created: true, path };
}

function readStored(path: string): string {
  try {
    const value = cleanValue(readFileSync(path, "utf8"));
    if (value.trim() === "") throw new OptionError("must not be empty");
    return value;
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    const fix = "Restore the file from a backup; remove it only if nothing has been sealed with it";
    throw new ConfigurationError([`${path} ${error.message}. ${fix}.`]);
  }
}
