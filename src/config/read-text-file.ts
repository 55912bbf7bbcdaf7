import { closeSync, openSync, readSync } from "node:fs";
import { OptionError } from "./option-error.ts";

/** A hundred times the size of a long list of keys; a device such as /dev/zero never ends. */
const BYTES_MAX = 64 * 1024;

/**
 * The secret in a file. The message leaves out the path, since someone may have put the secret itself there.
 *
 * @throws {OptionError}
 */
export function readSecretFile(path: string): string {
  try {
    const text = readTextFile(path);
    if (text.trim() === "") throw new UnreadableFileError("is empty");
    return text;
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    throw new OptionError(`must name a file with the value: the one it names ${error.message}`);
  }
}

/** The reason why a file cannot be read as text; the message continues after the file's name. */
export class UnreadableFileError extends Error {
  override readonly name = "UnreadableFileError";
  /** The system's error code; null for other reasons. */
  readonly code: string | null;

  constructor(message: string, code: string | null = null) {
    super(message);
    this.code = code;
  }
}

/** @throws {UnreadableFileError} */
export function readTextFile(path: string): string {
  const bytes = readBytes(path);
  if (bytes.length > BYTES_MAX) throw new UnreadableFileError(`has more than ${BYTES_MAX} bytes`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableFileError("is not UTF-8 text; encode random bytes, for example with base64");
  }
}

function readBytes(path: string): Buffer {
  const bytes = Buffer.alloc(BYTES_MAX + 1);
  let length = 0;
  try {
    const file = openSync(path, "r");
    try {
      for (let read = -1; read !== 0 && length < bytes.length; length += read) {
        read = readSync(file, bytes, length, bytes.length - length, null);
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    throw new UnreadableFileError(`cannot be read (${code})`, code);
  }
  return bytes.subarray(0, length);
}
