import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SendingElsewhere, type SendingElsewhereDeps } from "./sending-elsewhere.ts";

type OnMessages = (messages: readonly string[]) => void;

/** Processes on one database, each sending some deliveries. */
function processes(...sending: readonly (readonly string[])[]): SendingElsewhere[] {
  const listeners: OnMessages[] = [];
  return sending.map((own, index) => {
    const bus: SendingElsewhereDeps["bus"] = {
      isListening: true,
      publish: (_channel, messages) =>
        setImmediate(() => {
          for (const [at, listener] of listeners.entries()) if (at !== index) listener(messages);
        }),
      subscribe: (_channel, onMessages) => {
        listeners[index] = onMessages;
      },
    };
    const others = () => sending.length - 1;
    return new SendingElsewhere({
      bus,
      isSendingHere: (id) => own.includes(id),
      others,
      now: () => 1000,
      waitMaxMs: 10_000,
    });
  });
}

const due = (id: string) => ({ id, status: "pending", nextAttemptAt: 900 }) as const;

suite("deliveries in flight in other processes", () => {
  test("are found by asking each process", async () => {
    const [asking] = processes(["a"], ["b", "x"], ["c"]);
    const found = await asking?.find([due("a"), due("b"), due("c"), due("d")]);
    assert.deepEqual(found, new Set(["b", "c"]));
  });

  test("are not searched if they cannot be in flight, or if no other process delivers", async () => {
    const [asking, other] = processes(["a"], ["ended", "later"]);
    const ended = { id: "ended", status: "delivered", nextAttemptAt: null } as const;
    const later = { id: "later", status: "pending", nextAttemptAt: 1_000_000 } as const;
    assert.deepEqual(await asking?.find([ended, later, due("a")]), new Set());
    assert.deepEqual(await other?.find([due("a")]), new Set(["a"]));
    const [alone] = processes(["a"]);
    assert.deepEqual(await alone?.find([due("b")]), new Set());
  });

  test("are returned without those of a process that does not reply", async () => {
    const [asking] = processes([], ["b"]);
    const disconnected = new SendingElsewhere({
      bus: { isListening: true, publish: () => undefined, subscribe: () => undefined },
      isSendingHere: () => false,
      others: () => 1,
      now: () => 1000,
      waitMaxMs: 20,
    });
    assert.deepEqual(await disconnected.find([due("b")]), new Set());
    const many = Array.from({ length: 250 }, (_, index) => due(index === 249 ? "b" : `n${index}`));
    assert.deepEqual(await asking?.find(many), new Set(["b"]));
  });
});
