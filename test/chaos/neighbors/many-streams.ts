import { Agent, get, type IncomingMessage } from "node:http";
import { openEventStream } from "../../support/event-stream.ts";
import { pause } from "../pause.ts";
import type { Attack, Attacker } from "./attack.ts";
import { startLoops } from "./start-loops.ts";

const STREAMS_WANTED = 100;
/** Including refused ones, taking the keys in turn. */
const FIRST_ATTEMPTS = 120;
const RETRY_MS = 50;
const STREAM_OPEN = "stream open";

/** Opens as many streams as the server allows, and keeps trying. */
export const manyStreams: Attack = {
  title: "opens 100 streams",
  start: async (attacker) => {
    const agent = new Agent();
    const open = new Set<IncomingMessage>();
    let attempts = 0;
    const openOne = () => openStream(attacker, agent, attempts++, open);
    const first = await Promise.all(Array.from({ length: FIRST_ATTEMPTS }, openOne));
    const opened = first.filter((result) => result === STREAM_OPEN).length;
    const stop = startLoops(1, async () => {
      await pause(RETRY_MS);
      return open.size < STREAMS_WANTED ? openOne() : "no more wanted";
    });
    return async () => {
      const tally = await stop();
      for (const response of open) response.destroy();
      agent.destroy();
      return { ...tally, "streams opened at the start": opened };
    };
  },
  check: async ({ api, key }) => {
    const stream = await openEventStream(`${api.url}/api/stream`, { authorization: `Bearer ${key}` });
    if (stream.status !== 200)
      return `the victim gets no stream: ${stream.status} ${JSON.parse(stream.body).code}`;
    // The victim's events are being delivered in the meantime.
    const seen = await stream.until(() => stream.events.length > 0).catch((error: Error) => error.message);
    stream.close();
    return seen ?? null;
  },
};

function openStream(
  { serverUrl, keys }: Attacker,
  agent: Agent,
  turn: number,
  open: Set<IncomingMessage>,
): Promise<string> {
  const headers = { authorization: `Bearer ${keys[turn % keys.length]}` };
  return new Promise((resolve, reject) => {
    const request = get(`${serverUrl}/api/stream`, { agent, headers }, (response) => {
      response.resume();
      response.once("error", () => undefined);
      if (response.statusCode !== 200) return resolve(String(response.statusCode));
      open.add(response);
      response.once("close", () => open.delete(response));
      resolve(STREAM_OPEN);
    });
    request.once("error", reject);
  });
}
