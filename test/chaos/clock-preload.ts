import { readFileSync } from "node:fs";

/**
 * Loaded into a server with `--import`: offsets its clock by the milliseconds in a file, as an operator or a time
 * service would step the machine's clock. As on a real machine, timers are not affected.
 */
const READ_EVERY_MS = 20;

const path = process.env["CHAOS_CLOCK_FILE"];
if (path !== undefined) {
  const readOffset = () => Number(readFileSync(path, "utf8"));
  const realNow = Date.now;
  let offsetMs = readOffset();
  setInterval(() => {
    offsetMs = readOffset();
  }, READ_EVERY_MS).unref();
  Date.now = () => realNow() + offsetMs;
}
