import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "./api-error.ts";
import { ChangeHints } from "./change-hints.ts";

const EVENT = { type: "order.paid", accepted_at: "2026-06-06T00:00:01.000Z" };

function frame(event: object): Uint8Array {
  return Buffer.from(`event: event\nid: a-1\ndata: ${JSON.stringify(event)}\n\n`);
}

/** A server whose first stream has these events and then ends; later streams are refused because of the key. */
function serverWith(events: readonly object[]) {
  let opened = 0;
  const refused = Promise.withResolvers<void>();
  return {
    refused: refused.promise,
    openStream: async () => {
      if (opened++ > 0) {
        refused.resolve();
        throw new ApiError(401, { code: "unauthenticated", detail: "Revoked." });
      }
      return ReadableStream.from(events.map(frame)) as ReadableStream<Uint8Array>;
    },
  };
}

const listen = (server: ReturnType<typeof serverWith>, signal: AbortSignal) =>
  new ChangeHints(server, {
    isWanted: (type) => type.startsWith("order."),
    signal,
    notify: () => undefined,
  });

test("combines several changes into one hint with the earliest time", async () => {
  const end = new AbortController();
  const earlier = { type: "order.paid", accepted_at: "2026-06-06T00:00:00.500Z" };
  const hints = listen(
    serverWith([EVENT, { type: "user.created", accepted_at: "1999-01-01T00:00:00Z" }, earlier]),
    end.signal,
  );
  await hints.opened();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(await hints.next(), { since: Date.parse(earlier.accepted_at) });
  end.abort();
  assert.equal(await hints.next(), null);
});

test("reports to a late reader that the key was refused meanwhile", async () => {
  const end = new AbortController();
  const server = serverWith([EVENT]);
  const hints = listen(server, end.signal);
  await hints.opened();
  // The stream has ended, and reopening it was refused, before the first hint is read.
  await server.refused;
  await new Promise((resolve) => setImmediate(resolve));
  await assert.rejects(async () => {
    await hints.next();
    await hints.next();
  }, ApiError);
  end.abort();
});
