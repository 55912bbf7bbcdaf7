import { fstatSync, fsyncSync, writeSync } from "node:fs";

export const STANDARD_OUTPUT = 1;
/** How long to wait before writing again to a reader whose pipe is full. */
const FULL_PIPE_WAIT_MS = 10;

/** A command's output was lost: the disk is full, or the reader has gone. */
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
 * Writes a line to standard output before returning, and to the disk if it is a file. `console.log` drops what it
 * cannot write, and a stream treats a partial write as complete.
 *
 * @throws {LostOutputError}
 */
export function print(line: string): void {
  writeText(`${line}\n`);
  try {
    // Some file systems only report a full disk here.
    if (fstatSync(STANDARD_OUTPUT).isFile()) fsyncSync(STANDARD_OUTPUT);
  } catch (error) {
    throw new LostOutputError(error as Error);
  }
}

/** Writes to standard output before returning. @throws {LostOutputError} */
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
