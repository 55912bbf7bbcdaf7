import { pause } from "../pause.ts";
import { createPost, postFreely, postSteadily, type SteadyLoad } from "../steady-load.ts";
import { type Figures, summarize } from "./compare.ts";
import type { Party, SharedInstance } from "./shared-instance.ts";

const WARM_UP_MS = 3000;
const SENDERS_MAX = 64;
/** Counted from the last post; an event that has not arrived by then counts as never arriving. */
const ARRIVAL_DEADLINE_MS = 15_000;
const POLL_MS = 200;

/** Returns how many events per second the instance accepts and delivers for the victim. */
export async function warmUp(shared: SharedInstance): Promise<number> {
  const [victim] = shared.parties;
  if (victim === undefined) throw new Error("there is no victim");
  await victim.receiver.forgetLog();
  const startedAt = performance.now();
  const count = await postFreely(postOf(shared, victim), victim.types, WARM_UP_MS);
  while ((await victim.receiver.readLog()).receipts.length < count) await pause(POLL_MS);
  return (count * 1000) / (performance.now() - startedAt);
}

/** Posts for every party concurrently, and measures the times until acknowledgement and receipt. */
export async function measure(
  shared: SharedInstance,
  load: SteadyLoad,
): Promise<ReadonlyMap<string, Figures>> {
  for (const { receiver } of shared.parties) await receiver.forgetLog();
  const figures = await Promise.all(
    shared.parties.map(async (party) => [party.name, await measureParty(shared, party, load)] as const),
  );
  return new Map(figures);
}

async function measureParty(shared: SharedInstance, party: Party, load: SteadyLoad): Promise<Figures> {
  const posts = await postSteadily(postOf(shared, party), party.types, load);
  const receivedAt = await awaitReceipts(
    party,
    posts.map(({ id }) => id),
  );
  return summarize({
    acceptMs: posts.map(({ acceptMs }) => acceptMs),
    deliveryMs: posts.map(({ id, at }) => (receivedAt.get(id) ?? Number.POSITIVE_INFINITY) - at),
  });
}

/** The time of each event's first arrival. */
async function awaitReceipts(
  { receiver }: Party,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const deadline = Date.now() + ARRIVAL_DEADLINE_MS;
  for (;;) {
    const { receipts } = await receiver.readLog();
    const receivedAt = new Map(receipts.toReversed().map(({ eventId, at }) => [eventId, at]));
    if (Date.now() > deadline || ids.every((id) => receivedAt.has(id))) return receivedAt;
    await pause(POLL_MS);
  }
}

function postOf({ instance }: SharedInstance, { key }: Party) {
  return createPost({ url: instance.server.url, key }, SENDERS_MAX);
}
