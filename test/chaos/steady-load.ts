import { randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import { pause } from "./pause.ts";

const TICK_MS = 2;
const RESPONSES_DEADLINE_MS = 30_000;

/** The server that events are posted to, and the API key. */
export type Target = { readonly url: string; readonly key: string };

/** Posts one event, and resolves with whether it was acknowledged. */
export type Post = (id: string, type: string) => Promise<boolean>;

/** One event of a steady load. Times are epoch milliseconds with microsecond precision. */
export type SteadyPost = {
  readonly id: string;
  readonly at: number;
  /** From the post to its acknowledgement; infinite if the post was refused or got no response in time. */
  acceptMs: number;
};

/** Sends up to `connectionsMax` concurrent requests. */
export function createPost({ url, key }: Target, connectionsMax: number): Post {
  const agent = new Agent({ keepAlive: true, maxSockets: connectionsMax });
  const options = {
    method: "POST",
    agent,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
  };
  return (id, type) =>
    new Promise((resolve, reject) => {
      const call = request(`${url}/api/events`, options, (response) => {
        response.resume();
        response.once("end", () => resolve(response.statusCode === 202));
      });
      call.once("error", reject);
      call.end(JSON.stringify({ id, type, data: { id } }));
    });
}

/** Posts as many events as possible for a time. Returns the number of events. */
export async function postFreely(post: Post, types: readonly string[], forMs: number): Promise<number> {
  const SENDERS = 16;
  const until = Date.now() + forMs;
  let count = 0;
  const sender = async (): Promise<void> => {
    while (Date.now() < until) {
      const isAcknowledged = await post(randomUUID(), types[count++ % types.length] ?? "");
      if (!isAcknowledged) throw new Error("an event was not acknowledged");
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  return count;
}

export type SteadyLoad = { readonly perSecond: number; readonly events: number };

/** Posts a number of events at a fixed rate, regardless of the server's speed. */
export async function postSteadily(
  post: Post,
  types: readonly string[],
  load: SteadyLoad,
): Promise<readonly SteadyPost[]> {
  const posts: SteadyPost[] = [];
  const responses: Promise<void>[] = [];
  const now = () => performance.timeOrigin + performance.now();
  const postOne = async (one: SteadyPost, type: string): Promise<void> => {
    if (await post(one.id, type).catch(() => false)) one.acceptMs = now() - one.at;
  };
  const startedAt = performance.now();
  while (posts.length < load.events) {
    const due = Math.min(load.events, ((performance.now() - startedAt) * load.perSecond) / 1000);
    while (posts.length < due) {
      const one = { id: randomUUID(), at: now(), acceptMs: Number.POSITIVE_INFINITY };
      responses.push(postOne(one, types[posts.length % types.length] ?? ""));
      posts.push(one);
    }
    await pause(TICK_MS);
  }
  await Promise.race([Promise.all(responses), pause(RESPONSES_DEADLINE_MS)]);
  return posts;
}
