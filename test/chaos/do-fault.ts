import type { CommittedTable } from "./commit-proxy.ts";
import type { Fault, FaultKind } from "./fault.ts";
import type { Load } from "./load.ts";
import { pause, waitUntil } from "./pause.ts";
import type { Random } from "./random.ts";
import type { Stage } from "./stage.ts";

/** A server is killed within this time after it listens: while it sweeps, accepts, claims, sends or records. */
const KILL_WITHIN_MS = 2000;
const HOUR_MS = 60 * 60 * 1000;
const CLOCK_BACK_FOR_MS = 2000;
/** Servers read their clock file within this time. */
const CLOCK_SEEN_MS = 100;
const DATABASE_AWAY_MS = 1500;
/** About twelve events per second are accepted and delivered while servers are up. */
const COMMIT_DEADLINE_MS = 30_000;
const DISK_FULL_DEADLINE_MS = 30_000;
const REFUSALS_WANTED = 3;

/** Causes one fault, and returns when it began and ended. */
export async function doFault(kind: FaultKind, stage: Stage, load: Load, random: Random): Promise<Fault> {
  const { fleet, clock } = stage;
  if (kind === "kill") {
    await waitUntil("a server", DISK_FULL_DEADLINE_MS, () => fleet.urls().length > 0);
    await pause(random() * KILL_WITHIN_MS);
    const at = await fleet.kill();
    return { kind, at, until: at };
  }
  if (kind === "events commit cut" || kind === "attempts commit cut") {
    const at = await cutCommit(stage, load, kind === "events commit cut" ? "events" : "attempts");
    return { kind, at, until: at };
  }
  const at = Date.now();
  switch (kind) {
    case "connections cut":
      await stage.postgres?.cutConnections();
      break;
    case "database restarted":
      await stage.postgres?.restart("SIGINT", DATABASE_AWAY_MS);
      break;
    case "database killed":
      await stage.postgres?.restart("SIGKILL", 0);
      break;
    case "disk full":
      await fillDisk(stage, load);
      break;
    case "clock back":
      clock.step(-HOUR_MS);
      await pause(CLOCK_BACK_FOR_MS);
      clock.step(HOUR_MS);
      await pause(CLOCK_SEEN_MS);
      break;
    case "clock forward":
      clock.step(HOUR_MS);
      await pause(CLOCK_SEEN_MS);
  }
  return { kind, at, until: Date.now() };
}

/** Cuts a commit of events while several requests share it. */
async function cutCommit({ fleet, commitProxy }: Stage, load: Load, table: CommittedTable): Promise<number> {
  if (commitProxy === null) throw new Error("this database has no proxy in front of it");
  await fleet.up();
  let at: number | null = null;
  const cut = (accepts: (sent: Buffer) => boolean) =>
    commitProxy.cutNextCommit(table, accepts).then((cutAt) => {
      at = cutAt;
    });
  if (table === "attempts") void cut(() => true);
  await waitUntil(`a commit of ${table}`, COMMIT_DEADLINE_MS, async () => {
    if (table === "attempts" || at !== null) return at !== null;
    const { markers, responses } = load.postBurst();
    void cut((sent) => markers.filter((marker) => sent.includes(marker)).length > 1);
    await responses;
    return at !== null;
  });
  return at ?? 0;
}

/** Fills the disk until senders get refusals. */
async function fillDisk({ fleet, disk }: Stage, load: Load): Promise<void> {
  const count = () => [...load.refusals.values()].reduce((sum, one) => sum + one, 0);
  const before = count();
  await fleet.up();
  const pids = fleet.pids();
  disk?.fill(pids);
  try {
    await waitUntil(
      "a refusal on a full disk",
      DISK_FULL_DEADLINE_MS,
      () => count() >= before + REFUSALS_WANTED,
    );
  } finally {
    disk?.free(pids);
  }
}
