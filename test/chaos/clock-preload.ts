import { readFileSync } from "node:fs";

/**
 * Loaded into a server with `--import`: steps its clock by what a file says, in milliseconds, as an operator or a time
 * service would step the machine's. Timers go on as they do there.
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
