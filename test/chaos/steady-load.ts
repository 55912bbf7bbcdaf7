import { randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import { pause } from "./pause.ts";

const TICK_MS = 10;

/** Where events go and as whom. */
export type Target = { readonly url: string; readonly key: string };

/** Posts one event, and resolves with whether it was acknowledged. */
type Post = (id: string, type: string) => Promise<boolean>;

/** `connectionsMax` requests at once. */
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

/** Posts as many as it can for a time. Returns how many that were. */
export async function postFreely(post: Post, types: readonly string[], forMs: number): Promise<number> {
  const SENDERS = 16;
  const until = Date.now() + forMs;
  let count = 0;
  const sender = async (): Promise<void> => {
    while (Date.now() < until) {
      if (!(await post(randomUUID(), types[count++ % types.length] ?? ""))) throw refused();
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  return count;
}

/** Posts at a fixed rate, whatever the server does. Returns when each event was posted, by its id. */
export async function postSteadily(
  post: Post,
  types: readonly string[],
  load: { readonly perSecond: number; readonly forMs: number },
): Promise<ReadonlyMap<string, number>> {
  const postedAt = new Map<string, number>();
  const answers: Promise<boolean>[] = [];
  const startedAt = performance.now();
  for (let elapsed = 0; elapsed < load.forMs; elapsed = performance.now() - startedAt) {
    while (postedAt.size < (elapsed * load.perSecond) / 1000) {
      const id = randomUUID();
      const type = types[postedAt.size % types.length] ?? "";
      postedAt.set(id, performance.timeOrigin + performance.now());
      answers.push(post(id, type));
    }
    await pause(TICK_MS);
  }
  if (!(await Promise.all(answers)).every(Boolean)) throw refused();
  return postedAt;
}

function refused(): Error {
  return new Error("an event was not acknowledged");
}
