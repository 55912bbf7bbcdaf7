import type { Store } from "../../src/db/open.ts";
import { copyConnection, fillBacklog } from "../rig/backlog.ts";
import { createClaimer, type TimedClaim } from "../rig/claimer.ts";
import { median } from "../rig/median.ts";
import { awaitReceipts, type Rig } from "../rig/rig.ts";
import { makeConnections, openSubject, type Subject, type Variant } from "../rig/subject.ts";
import type { Item } from "../rig/table.ts";

const BACKLOGS = { quick: [1_000, 20_000], whole: [1_000, 100_000, 1_000_000] } as const;
const CONNECTIONS = { quick: [1, 100], whole: [1, 100, 10_000] } as const;
const CLAIMS = 50;
/** The default concurrency limit of a connection. */
const WANTED_MAX = 10;
/** Every backlog has at least this many deliveries, so these can be compared. */
const FIRST_DELIVERIES = 1_000;
const DELIVERIES_MAX = 20_000;

type Drain = { readonly firstPerSecond: number; readonly perSecond: number; readonly deliveries: number };

type GrowthCase = {
  readonly variant: Variant;
  readonly backlog: number;
  readonly connections: number;
  readonly claims: readonly TimedClaim[];
  readonly drains: readonly Drain[];
};

/** 5. Claiming and delivering with growing backlogs. */
export async function runGrowth(rig: Rig): Promise<Item> {
  const { isQuick, variants } = rig.options;
  const cases: GrowthCase[] = [];
  for (const variant of variants.filter(({ workers }) => workers === 1))
    for (const connections of isQuick ? CONNECTIONS.quick : CONNECTIONS.whole)
      for (const backlog of isQuick ? BACKLOGS.quick : BACKLOGS.whole) {
        rig.say(`growth: ${variant.database}, ${connections} connections, ${backlog} deliveries waiting`);
        cases.push(await measureGrowth(rig, variant, backlog, connections));
      }
  const rows = cases.map((one) => toRow(one, cases));
  return { title: "5. Growth: one claim, and deliveries from a standing start", rows, rounds: cases };
}

async function measureGrowth(
  rig: Rig,
  variant: Variant,
  backlog: number,
  connections: number,
): Promise<GrowthCase> {
  const subject = await openSubject(variant);
  await makeConnections(subject, rig.receiverUrl, 1);
  let ids: string[] = [];
  let claims: TimedClaim[] = [];
  const drains: Drain[] = [];
  for (let round = 0; round < rig.options.rounds; round++) {
    await subject.restart(async () => {
      const store = subject.database.open();
      if (round === 0) ids = await copyConnection(store, rig.receiverUrl, connections);
      await fillBacklog(store, ids, backlog);
      if (round === 0) claims = await timeClaims(store, ids);
      await store.close();
      await rig.receiver.call("begin", { keepsLatencies: false });
    });
    drains.push(await drain(rig, subject, Math.min(backlog, DELIVERIES_MAX)));
  }
  await end(subject);
  return { variant, backlog, connections, claims, drains };
}

/** Measures the delivery of a backlog. The program delivers as soon as it runs. */
async function drain(rig: Rig, subject: Subject, count: number): Promise<Drain> {
  const first = await awaitReceipts(rig, subject, FIRST_DELIVERIES);
  const whole = await awaitReceipts(rig, subject, count);
  const perSecond = ({ count, firstAt, lastAt }: typeof whole) => (count / (lastAt - firstAt)) * 1000;
  return { firstPerSecond: perSecond(first), perSecond: perSecond(whole), deliveries: whole.count };
}

/** Claims only as many deliveries and connections as the smallest backlog has, so that only the backlogs differ. */
async function timeClaims(store: Store, connectionIds: readonly string[]): Promise<TimedClaim[]> {
  const smallest = BACKLOGS.whole[0];
  const wanted = Math.max(1, Math.min(WANTED_MAX, Math.floor(smallest / connectionIds.length)));
  const claim = createClaimer(store, connectionIds.slice(0, smallest), wanted);
  // The first claims compile their statements.
  for (let index = 0; index < CLAIMS / 5; index++) await claim();
  const claims: TimedClaim[] = [];
  for (let index = 0; index < CLAIMS; index++) claims.push(await claim());
  return claims;
}

async function end(subject: Subject): Promise<void> {
  await subject.stop();
  await subject.remove();
}

function toRow(one: GrowthCase, all: readonly GrowthCase[]) {
  const { variant, backlog, connections, claims, drains } = one;
  const smallest = all.find(
    (other) => other.variant.database === variant.database && other.connections === connections,
  );
  const claimMs = medianMs(claims);
  return {
    database: variant.database,
    connections,
    backlog,
    "claim ms": claimMs,
    "times the smallest": claimMs / medianMs(smallest?.claims ?? claims),
    claimed: median(claims.map(({ deliveries }) => deliveries)),
    "first 1000/s": median(drains.map(({ firstPerSecond }) => firstPerSecond)),
    "deliveries/s": median(drains.map(({ perSecond }) => perSecond)),
    "of deliveries": median(drains.map(({ deliveries }) => deliveries)),
  };
}

function medianMs(claims: readonly TimedClaim[]): number {
  return median(claims.map(({ ms }) => ms));
}
