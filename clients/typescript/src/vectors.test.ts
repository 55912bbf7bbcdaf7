import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { type NewEvent, writeEvent } from "./new-event.ts";
import { readRetryAfter } from "./retry-after.ts";
import { type FailedAttempt, retryDelay } from "./retry-delay.ts";
import { SignatureError } from "./signature-error.ts";
import { splitBatch } from "./split-batch.ts";
import { newEventId } from "./uuid-v7.ts";
import { verify } from "./verify.ts";

type Vectors = {
  readonly signatures: readonly {
    readonly name: string;
    readonly secrets: readonly string[];
    readonly scheme: "standard" | "opensend";
    readonly now: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly body_base64?: string;
    readonly error: string | null;
  }[];
  readonly retry_after: readonly { value: string | null; now: number; seconds: number | null }[];
  readonly retries: readonly (Omit<FailedAttempt, "retryAfter"> & {
    readonly name: string;
    readonly retry_after: number | null;
    readonly failures: number;
    readonly max_retries: number;
    readonly random: number;
    readonly delay_ms: number | null;
  })[];
  readonly batches: readonly {
    readonly name: string;
    /** Pairs of a number of events and the length of each. */
    readonly byte_lengths: readonly (readonly [number, number])[];
    readonly events_max: number;
    readonly bytes_max: number;
    readonly sizes: readonly number[];
  }[];
  readonly events: readonly { readonly name: string; readonly event: NewEvent; readonly text: string }[];
  readonly invalid_data_texts: readonly string[];
  readonly invalid_secrets: readonly (readonly string[])[];
};

const file = join(import.meta.dirname, "..", "..", "vectors.json");
const vectors = JSON.parse(readFileSync(file, "utf8")) as Vectors;

describe("verify", () => {
  for (const { name, secrets, scheme, now, headers, body, body_base64, error } of vectors.signatures) {
    test(name, async () => {
      const bytes = body_base64 === undefined ? (body ?? "") : Buffer.from(body_base64, "base64");
      const input = { body: bytes, headers, secret: secrets, scheme, now: now * 1000 };
      if (error !== null) return assert.rejects(verify(input), has(error));
      const event = await verify(input);
      assert.equal(event.id, "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11");
      assert.equal(event.type, "order.paid");
      assert.equal(event.created_at, "2026-06-06T00:00:00.000Z");
    });
  }

  test("accepts headers of the Fetch API and of Node, and bodies of any type", async () => {
    const [first] = vectors.signatures;
    assert.ok(first?.body !== undefined);
    const bytes = new TextEncoder().encode(first.body);
    const fetched = new Headers(first.headers);
    const nodes = Object.fromEntries(Object.entries(first.headers).map(([name, value]) => [name, [value]]));
    for (const headers of [fetched, nodes]) {
      for (const body of [first.body, bytes, bytes.buffer, Buffer.from(first.body)]) {
        const event = await verify({ body, headers, secret: first.secrets[0] ?? "", now: first.now * 1000 });
        assert.deepEqual(event.data["order_id"], 42);
      }
    }
  });

  test("refuses a repeated header", async () => {
    const [first] = vectors.signatures;
    assert.ok(first?.body !== undefined);
    const signature = first.headers["webhook-signature"] ?? "";
    const headers = { ...first.headers, "webhook-signature": [signature, signature] };
    const input = { body: first.body, headers, secret: first.secrets, now: first.now * 1000 };
    await assert.rejects(verify(input), has("missing_header"));
  });

  test("refuses a parsed body and invalid secrets", async () => {
    const input = { body: "{}", headers: {}, secret: "s" };
    await assert.rejects(verify({ ...input, body: { type: "a" } as never }), /raw body/);
    await assert.rejects(verify({ ...input, secret: undefined as never }), TypeError);
    const { headers, now } = vectors.signatures[0] ?? { headers: {}, now: 0 };
    for (const secret of vectors.invalid_secrets) {
      await assert.rejects(verify({ ...input, headers, secret, now: now * 1000 }), TypeError, secret.join());
    }
  });
});

test("reads Retry-After", () => {
  for (const { value, now, seconds } of vectors.retry_after) {
    assert.equal(readRetryAfter(value, now * 1000), seconds, String(value));
  }
});

describe("retries", () => {
  for (const vector of vectors.retries) {
    test(vector.name, () => {
      const { status, code, retry_after, failures, max_retries, random, delay_ms } = vector;
      const failed = { status, code, retryAfter: retry_after };
      assert.equal(retryDelay(failed, failures, max_retries, random), delay_ms);
    });
  }
});

describe("batches", () => {
  for (const { name, byte_lengths, events_max, bytes_max, sizes } of vectors.batches) {
    test(name, () => {
      const lengths = byte_lengths.flatMap(([count, length]) => Array<number>(count).fill(length));
      assert.deepEqual(splitBatch(lengths, events_max, bytes_max), sizes);
    });
  }
});

describe("events", () => {
  for (const { name, event, text } of vectors.events) {
    test(name, () => assert.equal(writeEvent(event).text, text));
  }

  test("have data, and a time that can be a Date", () => {
    const id = newEventId();
    const created_at = new Date(1_780_704_000_000);
    const { text } = writeEvent({ type: "a", id, created_at, data: { käse: [1] } });
    assert.equal(
      text,
      `{"type":"a","id":"${id}","created_at":"2026-06-06T00:00:00.000Z","data":{"käse":[1]}}`,
    );
  });

  test("get a unique UUIDv7", () => {
    const before = Date.now();
    const ids = Array.from({ length: 1000 }, () => writeEvent({ type: "a", data: {} }).event.id);
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) {
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      const time = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
      assert.ok(time >= before && time <= Date.now());
    }
  });

  test("refuse text that is not a single JSON object", () => {
    for (const data_text of vectors.invalid_data_texts) {
      assert.throws(() => writeEvent({ type: "a", data_text }), TypeError, data_text);
    }
    assert.throws(() => writeEvent({ type: "a" } as never), /`data`/);
    assert.throws(() => writeEvent({ type: "a", data: [1] }), /`data`/);
  });
});

function has(code: string) {
  return (error: unknown) => error instanceof SignatureError && error.code === code;
}
