import { parseArgs } from "node:util";
import { makePostgres, makeSqlite, type TestDatabase } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { startPostgres } from "../support/start-postgres.ts";
import { waitUntil } from "./pause.ts";
import { quantile } from "./quantile.ts";
import { type ReceiverProcess, SIGNING_SECRET, startReceiver } from "./start-receiver.ts";
import { createPost, postFreely, postSteadily } from "./steady-load.ts";

/**
 * Shows that a dead receiver with a long backlog, and slow ones, do not delay the others: posts events for healthy
 * connections at a third of what the server takes, by turns to an instance that has only these and to one that has the bad
 * ones too, and compares the time from post to receipt. Exit code 1 when the p99 is more than half as long again.
 *
 *   node test/chaos/fairness.ts [--database sqlite|postgres]
 */
const HEALTHY = 94;
const LATE = 5;
const DEAD_BACKLOG = 100_000;
const LATE_BACKLOG = 1000;
const BATCH_MAX = 1000;

const PAIRS = 3;
const RUN_MS = 8000;
const WARM_UP_MS = 3000;
const SENDERS_MAX = 64;
const RATIO_MAX = 1.5;
const DELIVERY_DEADLINE_MS = 30_000;

type Place = TestInstance & { readonly bad: readonly string[] };
type Figures = { readonly p50: number; readonly p99: number };

const types = Array.from({ length: HEALTHY }, (_, index) => `healthy.${index}`);

const { values } = parseArgs({ options: { database: { type: "string" } } });
const postgres = await startPostgres();
process.env["OPENSEND_TEST_POSTGRES_URL"] = postgres.url;
const makers = Object.entries({ sqlite: makeSqlite, postgres: makePostgres });
for (const [database, make] of makers.filter(([name]) => (values.database ?? name) === name)) {
  if (!(await isFair(database, make))) process.exitCode = 1;
}
postgres.stop();

async function isFair(database: string, make: () => Promise<TestDatabase>): Promise<boolean> {
  const receiver = await startReceiver();
  const alone = await open(make, receiver);
  const among = await open(make, receiver);
  try {
    const full = { ...among, bad: await addBad(among, receiver) };
    const perSecond = Math.round((await warmUp(alone)) / 3);
    await warmUp(full);
    console.log(`${database}: ${perSecond} events a second to ${HEALTHY} healthy connections`);
    const ratios: number[] = [];
    for (let pair = 1; pair <= PAIRS; pair++) {
      const without = await run(alone, receiver, perSecond);
      await setBad(full, "resume");
      const withBad = await run(full, receiver, perSecond);
      await setBad(full, "pause");
      ratios.push(withBad.p99 / without.p99);
      console.log(
        `${database}: without the bad ones ${show(without)}; with them ${show(withBad)}; p99 ratio ${(withBad.p99 / without.p99).toFixed(2)}`,
      );
    }
    const ratio = quantile(ratios, 0.5);
    console.log(`${database}: median ratio ${ratio.toFixed(2)}, at most ${RATIO_MAX} is fair`);
    return ratio <= RATIO_MAX;
  } finally {
    await Promise.all([alone.remove(), among.remove()]);
    receiver.stop();
  }
}

async function open(make: () => Promise<TestDatabase>, receiver: ReceiverProcess): Promise<Place> {
  const instance = await startInstance(make, { LOG_LEVEL: "error" });
  for (const type of types) await connect(instance, `${receiver.url}/ok/${type}`, type);
  return { ...instance, bad: [] };
}

async function connect({ api }: TestInstance, url: string, type: string): Promise<string> {
  const answer = await api.post("/api/integrations/webhook", {
    webhook_url: url,
    signing_secret: SIGNING_SECRET,
    event_types: [type],
  });
  if (answer.status !== 201) throw new Error(`connecting answered ${answer.status}: ${answer.text}`);
  return answer.body.data.id;
}

/** Connects the bad ones, at rest, and owes them their backlogs. Returns their ids. */
async function addBad(place: Place, receiver: ReceiverProcess): Promise<string[]> {
  const dead = await connect(place, `${receiver.url}/dead`, "dead");
  const late: string[] = [];
  for (let index = 0; index < LATE; index++) {
    late.push(await connect(place, `${receiver.url}/late/${index}`, `late.${index}`));
  }
  const bad = [dead, ...late];
  await setBad({ ...place, bad }, "pause");
  await owe(place, "dead", DEAD_BACKLOG);
  for (const [index] of late.entries()) await owe(place, `late.${index}`, LATE_BACKLOG);
  return bad;
}

async function setBad({ api, bad }: Place, verb: "pause" | "resume"): Promise<void> {
  for (const id of bad) {
    const answer = await api.post(`/api/integrations/connections/${id}/${verb}`);
    if (answer.status !== 200) throw new Error(`${verb} answered ${answer.status}: ${answer.text}`);
  }
}

async function owe({ api }: Place, type: string, count: number): Promise<void> {
  for (let left = count; left > 0; left -= BATCH_MAX) {
    const batch = Array.from({ length: Math.min(BATCH_MAX, left) }, () => ({ type, data: {} }));
    const answer = await api.post("/api/events/batch", batch);
    if (answer.status !== 202) throw new Error(`a batch was answered ${answer.status}: ${answer.text}`);
  }
}

/** Returns how many events a second the place takes and delivers. */
async function warmUp(place: Place): Promise<number> {
  const post = createPost({ url: place.server.url, key: place.key }, SENDERS_MAX);
  const startedAt = performance.now();
  const count = await postFreely(post, types, WARM_UP_MS);
  await delivered(place);
  return (count * 1000) / (performance.now() - startedAt);
}

/** Waits until nothing is owed to the healthy ones. */
async function delivered({ database, bad }: Place): Promise<void> {
  const { db, close } = database.open();
  try {
    await waitUntil("the delivery of every event", DELIVERY_DEADLINE_MS, async () => {
      const owed = await db
        .selectFrom("deliveries")
        .select("id")
        .where("connection_id", "not in", ["", ...bad])
        .where("status", "in", ["pending", "delivering"])
        .limit(1)
        .executeTakeFirst();
      return owed === undefined;
    });
  } finally {
    await close();
  }
}

async function run(place: Place, receiver: ReceiverProcess, perSecond: number): Promise<Figures> {
  await receiver.forgetLog();
  const post = createPost({ url: place.server.url, key: place.key }, SENDERS_MAX);
  const postedAt = await postSteadily(post, types, { perSecond, forMs: RUN_MS });
  await delivered(place);
  const { receipts } = await receiver.readLog();
  const tookMs = receipts.flatMap(({ eventId, at }) => {
    const from = postedAt.get(eventId);
    return from === undefined ? [] : at - from;
  });
  if (tookMs.length !== postedAt.size) throw new Error(`${tookMs.length} of ${postedAt.size} events arrived`);
  return { p50: quantile(tookMs, 0.5), p99: quantile(tookMs, 0.99) };
}

function show({ p50, p99 }: Figures): string {
  return `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
}
