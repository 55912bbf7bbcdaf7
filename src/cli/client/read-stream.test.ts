import assert from "node:assert/strict";
import { test } from "node:test";
import { readStream, type StreamMessage } from "./read-stream.ts";

const FRAMES =
  'retry: 2000\nid: a-1\n\nevent: event\nid: a-2\ndata: {"name":"Ä"}\n\n: \nid: a-3\n\nevent: reset\ndata: {}\n\n';
const MESSAGES = [
  { type: "message", id: "a-1", data: "" },
  { type: "event", id: "a-2", data: '{"name":"Ä"}' },
  { type: "message", id: "a-3", data: "" },
  { type: "reset", id: null, data: "{}" },
];

async function read(text: string, size: number): Promise<{ messages: StreamMessage[]; chunks: number }> {
  const bytes = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
  let count = 0;
  const source = (async function* () {
    yield* chunks;
  })();
  const messages: StreamMessage[] = [];
  const onBytes = () => {
    count++;
  };
  for await (const message of readStream(source, onBytes)) messages.push(message);
  return { messages, chunks: count };
}

for (const size of [1, 7, 1000]) {
  test(`reads messages that arrive in pieces of ${size} bytes`, async () => {
    const { messages, chunks } = await read(FRAMES, size);
    assert.deepEqual(messages, MESSAGES);
    assert.equal(chunks, Math.ceil(Buffer.byteLength(FRAMES) / size));
  });
}

test("reads lines that end with CR LF", async () => {
  assert.deepEqual((await read(FRAMES.replaceAll("\n", "\r\n"), 7)).messages, MESSAGES);
});

test("omits a message that was cut off", async () => {
  assert.deepEqual((await read("event: event\ndata: {}", 1000)).messages, []);
});
