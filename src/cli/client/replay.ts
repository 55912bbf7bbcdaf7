import { setTimeout as wait } from "node:timers/promises";
import type { ServerCall } from "./server-call.ts";

const LOOK_EVERY_MS = 1000;

export type Replay = {
  readonly id: string;
  readonly status: string;
  readonly total: number;
  readonly delivered: number;
  readonly failed: number;
  readonly skipped: number;
};

/** A replay of millions takes hours, so each check is one small request. */
export async function untilEnded(server: ServerCall, started: Replay): Promise<Replay> {
  let replay = started;
  while (replay.status !== "completed" && replay.status !== "stopped") {
    await wait(LOOK_EVERY_MS);
    replay = (await server.call<{ data: Replay }>("GET", `/api/deliveries/replays/${replay.id}`)).data;
  }
  return replay;
}
