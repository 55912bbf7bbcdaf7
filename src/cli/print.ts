import { fstatSync, fsyncSync, writeSync } from "node:fs";

export const STANDARD_OUTPUT = 1;
/** How long to wait before asking a reader again that takes nothing at the moment. */
const FULL_PIPE_WAIT_MS = 10;

/** What a command has to say did not arrive: the disk is full, or the reader has gone. */
export class LostOutputError extends Error {
  override readonly name = "LostOutputError";

  constructor(cause: Error) {
    const { code = "unknown error" } = cause as NodeJS.ErrnoException;
    super(
      `The output could not be written (${code}). Check the disk or program that receives standard output.`,
      {
        cause,
      },
    );
  }
}

/**
 * Writes a line to standard output, and to the disk where that is a file, before it returns. `console.log` drops what
 * cannot be written, and a stream takes a part that was written for the whole.
 *
 * @throws {LostOutputError}
 */
export function print(line: string): void {
  writeText(`${line}\n`);
  try {
    // Some file systems tell only then that there is no room.
    if (fstatSync(STANDARD_OUTPUT).isFile()) fsyncSync(STANDARD_OUTPUT);
  } catch (error) {
    throw new LostOutputError(error as Error);
  }
}

/** Writes to standard output before it returns. @throws {LostOutputError} */
export function writeText(text: string): void {
  try {
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length; ) written += writeSome(bytes.subarray(written));
  } catch (error) {
    throw new LostOutputError(error as Error);
  }
}

function writeSome(bytes: Buffer): number {
  try {
    return writeSync(STANDARD_OUTPUT, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_WAIT_MS);
    return 0;
  }
}
