import { openPostClient } from "../../../bench/rig/post-client.ts";
import type { Attack } from "./attack.ts";
import { headersOf } from "./attacker-api.ts";
import { startLoops } from "./start-loops.ts";

const BODY_BYTES = 7 * 1024 * 1024;
const BATCH_EVENTS = 1000;
const NAMES = "abcdefghijklmnopqrstuvwxyz";

/**
 * Large batches that are refused: an event with one-letter names, or a thousand events of which the last has no type.
 */
export const invalidBatches: Attack = {
  title: "posts invalid batches of 7 MiB",
  start: async (attacker) => {
    const client = openPostClient(attacker.serverUrl);
    const headers = headersOf(attacker);
    const bodies = [oneLetterNames(), invalidAtTheEnd()];
    let turn = 0;
    const stop = startLoops(1, async () => {
      const body = bodies[turn++ % bodies.length] ?? "";
      return String(await client.post("/api/events/batch", headers, body));
    });
    return async () => {
      const tally = await stop();
      await client.close();
      return tally;
    };
  },
};

function oneLetterNames(): string {
  return `[{"type":"large","data":{${members(BODY_BYTES)}}}]`;
}

function invalidAtTheEnd(): string {
  const object = `{${members(NAMES.length * 6)}}`;
  const objects = Array(Math.floor(BODY_BYTES / BATCH_EVENTS / object.length)).fill(object);
  const data = `"data":{"items":[${objects.join()}]}`;
  const valid = Array(BATCH_EVENTS - 1).fill(`{"type":"large",${data}}`);
  return `[${valid.join()},{${data}}]`;
}

/** `"a":1,"b":1,…` of about this many bytes. */
function members(bytes: number): string {
  const MEMBER_BYTES = '"a":1,'.length;
  const count = Math.floor(bytes / MEMBER_BYTES);
  return Array.from({ length: count }, (_, index) => `"${NAMES[index % NAMES.length]}":1`).join();
}
