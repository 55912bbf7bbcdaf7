import assert from "node:assert/strict";
import { after, suite, test } from "node:test";
import { OpenSendError } from "../domain/errors.ts";
import { readEventBatch } from "../domain/read-event.ts";
import { LongBodies } from "./long-bodies.ts";

const NOW = Date.UTC(2026, 5, 6);
const CHUNK_BYTES = 64 * 1024;

suite("long bodies", () => {
  const bodies = new LongBodies();
  after(() => bodies.close());

  const send = (text: string | Buffer, party = "a") => {
    const body = bodies.begin(party, null);
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) body.append(bytes.subarray(at, at + CHUNK_BYTES));
    return body;
  };
  const refusalOf = (text: string | Buffer) =>
    send(text)
      .read("batch", NOW)
      .then(
        () => assert.fail("nothing was refused"),
        (error: unknown) => {
          assert.ok(error instanceof OpenSendError, String(error));
          return error;
        },
      );

  const event = (n: number) =>
    `{"type":"order.paid","data":{"n":${n},"big":12345678901234567890.10,"text":"ü€😀${"x".repeat(7000)}"}}`;
  const batch = `[${Array.from({ length: 1000 }, (_, n) => event(n)).join(",")}]`;

  test("are parsed like short ones, byte for byte and in order", async () => {
    assert.deepEqual(await send(batch).read("batch", NOW), readEventBatch(batch, NOW));
    const [one] = await send(event(1)).read("one", NOW);
    assert.match(one?.dataJson ?? "", /12345678901234567890\.10.*ü€😀/);
  });

  test("are refused for the same reasons as short ones", async () => {
    for (const text of [`${batch.slice(0, -1)},{"type":1}]`, `${batch}x`, `{"a":${batch}}`]) {
      const { code, detail, fields } = await refusalOf(text);
      assert.throws(() => readEventBatch(text, NOW), { code, detail, fields });
    }
    const error = await refusalOf(Buffer.concat([Buffer.from(batch), Buffer.from([0xff])]));
    assert.equal(error.detail, "The body is not valid UTF-8.");
  });

  test("leave the event loop free while they are parsed", async () => {
    let rounds = 0;
    let hasEnded = false;
    const look = () => {
      rounds++;
      if (!hasEnded) setImmediate(look);
    };
    const body = send(batch);
    look();
    await body.read("batch", NOW).finally(() => {
      hasEnded = true;
    });
    assert.ok(rounds > 100, `${rounds} rounds`);
  });

  test("take turns by party", async () => {
    const order: string[] = [];
    const read = (party: string) =>
      send(batch, party)
        .read("batch", NOW)
        .then(() => order.push(party));
    await Promise.all(["a", "a", "a", "b"].map(read));
    assert.deepEqual(order, ["a", "b", "a", "a"]);
  });

  test("are dropped if they are not read, and cannot be read later", async () => {
    const body = send(batch);
    body.drop();
    body.drop();
    await assert.rejects(body.read("batch", NOW), { code: "invalid_request" });
    assert.equal((await send(batch).read("batch", NOW)).length, 1000);
  });

  test("fail when their thread ends, and later ones get a new thread", async () => {
    const own = new LongBodies();
    const body = own.begin("a", null);
    body.append(Buffer.from(batch));
    const half = own.begin("a", null);
    half.append(Buffer.from(batch));
    const reading = assert.rejects(body.read("batch", NOW), /has ended/);
    await own.close();
    await reading;
    await assert.rejects(half.read("batch", NOW), /has ended/);
    const next = own.begin("a", null);
    next.append(Buffer.from(batch));
    assert.equal((await next.read("batch", NOW)).length, 1000);
    await own.close();
  });
});
