import assert from "node:assert/strict";
import { test } from "node:test";
import type { BusChannel } from "../db/notify.ts";
import type { SignedDelivery } from "../dispatch/signed-delivery.ts";
import type { OnStage, Timings } from "../domain/outcome.ts";
import { type LiveAttempt, LiveAttempts } from "./live-attempts.ts";

const TIMINGS: Timings = { dns: 1, connect: 2, tls: null, sent: null, first_byte: null, total: 3 };

const signed = (id: string, trigger = "schedule"): SignedDelivery =>
  ({
    delivery: {
      id,
      trigger,
      attemptNumber: 2,
      dueAt: 900,
      connection: { id: "connection", workspaceId: "workspace" },
    },
    startedAt: 1000,
  }) as unknown as SignedDelivery;

/** A process without streams of its own, with simulated other processes. */
function startProcess() {
  const subscribers = new Map<BusChannel, (messages: readonly string[]) => void>();
  const gaps: (() => void)[] = [];
  const published: (readonly [BusChannel, string])[] = [];
  const underWay: { subject: SignedDelivery; watch: (onStage: OnStage) => void }[] = [];
  const attempts: LiveAttempt[] = [];
  const clock = { now: 0 };
  const live = new LiveAttempts({
    bus: {
      publish: (channel, messages) => {
        for (const message of messages) published.push([channel, message]);
      },
      subscribe: (channel, onMessages, onGap) => {
        subscribers.set(channel, onMessages);
        gaps.push(onGap);
      },
    },
    sendsUnderWay: () => underWay,
    onAttempt: (attempt) => attempts.push(attempt),
    clock: () => clock.now,
  });
  const receive = (channel: BusChannel, message: string) => subscribers.get(channel)?.([message]);
  const publishedAttempts = async () => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    return published.filter(([channel]) => channel === "attempts").map(([, message]) => JSON.parse(message));
  };
  return { live, receive, published, underWay, attempts, clock, gaps, publishedAttempts };
}

test("follows no stages and publishes nothing while no one watches", () => {
  const { live, published } = startProcess();
  assert.equal(live.stagesListener(signed("one")), null);
  live.tick();
  assert.deepEqual(published, []);
});

test("publishes to another process the latest state of the attempts that it watches, and of no others", async () => {
  const { live, receive, publishedAttempts, attempts } = startProcess();
  receive("interest", "workspace delivery one");
  assert.equal(live.stagesListener(signed("another")), null);
  const onStage = live.stagesListener(signed("one"));
  onStage?.("connect", TIMINGS);
  onStage?.("first_byte", TIMINGS);
  assert.deepEqual(await publishedAttempts(), [
    {
      workspaceId: "workspace",
      deliveryId: "one",
      connectionId: "connection",
      number: 2,
      trigger: "schedule",
      startedAt: 1000,
      stage: "first_byte",
      timings: { queued: 100, ...TIMINGS },
    },
  ]);
  assert.deepEqual(attempts, [], "nobody watches here");
});

test("ignores interest in the same delivery from another workspace", () => {
  const { live, receive } = startProcess();
  receive("interest", "unknown delivery one");
  receive("interest", "unknown tests connection");
  assert.equal(live.stagesListener(signed("one", "test")), null);
});

test("publishes only the tests of a watched connection", () => {
  const { live, receive } = startProcess();
  receive("interest", "workspace tests connection");
  assert.equal(live.stagesListener(signed("one")), null);
  assert.notEqual(live.stagesListener(signed("one", "test")), null);
});

test("publishes attempts in flight when someone begins to watch", async () => {
  const { live, receive, underWay, publishedAttempts, attempts } = startProcess();
  for (const id of ["one", "another"]) {
    underWay.push({ subject: signed(id), watch: (onStage) => onStage("tls", TIMINGS) });
  }
  receive("interest", "workspace delivery one");
  assert.deepEqual(
    (await publishedAttempts()).map(({ deliveryId }) => deliveryId),
    ["one"],
  );
  live.watch("workspace", { deliveryId: "another", connectionId: null });
  await publishedAttempts();
  assert.deepEqual(
    attempts.map(({ deliveryId, stage }) => [deliveryId, stage]),
    [["another", "tls"]],
  );
});

test("forgets what others watched, even without a stream of its own", () => {
  const { live, receive, clock } = startProcess();
  receive("interest", "workspace delivery one");
  clock.now = 20_000;
  live.tick();
  assert.notEqual(live.stagesListener(signed("one")), null);
  receive("interest", "workspace delivery one");
  clock.now = 44_000;
  live.tick();
  assert.notEqual(live.stagesListener(signed("one")), null, "it was said again");
  clock.now = 46_000;
  live.tick();
  assert.equal(live.stagesListener(signed("one")), null);
});

test("announces what is watched when asked, and after a gap", () => {
  const { live, receive, published, gaps } = startProcess();
  const first = live.watch("workspace", { deliveryId: "one", connectionId: null });
  const second = live.watch("workspace", { deliveryId: "one", connectionId: "connection" });
  const nothing = live.watch("workspace", { deliveryId: null, connectionId: null });
  const saying = () => published.splice(0).map(([, message]) => message);
  assert.deepEqual(saying(), ["workspace delivery one", "workspace delivery one"]);
  receive("interest", "?");
  first.end();
  for (const onGap of gaps) onGap();
  assert.deepEqual(saying(), Array(3).fill("workspace delivery one"));
  second.end();
  nothing.end();
  live.tick();
  assert.deepEqual(saying(), []);
});
