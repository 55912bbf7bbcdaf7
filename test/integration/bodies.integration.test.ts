import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { BodyBytes } from "../../src/http/body-bytes.ts";
import type { ApiResponse } from "../support/api-client.ts";
import { makeSqlite } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { sendRaw } from "../support/raw-http.ts";

const CONNECT = "/api/integrations/webhook";
const JSON_TYPE = "application/json";
const MIB = 1024 * 1024;

describe("request bodies", () => {
  let instance: TestInstance;
  before(async () => {
    instance = await startInstance(makeSqlite);
  });
  after(() => instance.remove());

  async function post(
    path: string,
    body: Uint8Array | string,
    headers: Record<string, string>,
  ): Promise<ApiResponse> {
    const bytes = typeof body === "string" ? Buffer.from(body) : Buffer.from(body);
    const response = await fetch(instance.server.url + path, {
      method: "POST",
      headers: { authorization: `Bearer ${instance.key}`, "content-type": JSON_TYPE, ...headers },
      body: bytes,
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
  }

  const event = (data: object = {}) => JSON.stringify({ type: "a.b", data });
  const connection = JSON.stringify({ webhook_url: "https://hooks.example.com/a" });

  describe("compressed", () => {
    for (const [coding, pack] of [
      ["gzip", gzipSync],
      ["x-gzip", gzipSync],
      ["GZIP", gzipSync],
      ["deflate", deflateSync],
      ["identity", (bytes: string) => Buffer.from(bytes)],
      ["identity, gzip", gzipSync],
    ] as const) {
      it(`are decoded as ${coding}`, async () => {
        const headers = { "content-encoding": coding };
        assert.equal((await post("/api/events", pack(event()), headers)).status, 202);
        assert.equal((await post(CONNECT, pack(connection), headers)).status, 201);
      });
    }

    it("are read when they are long, and count as the same request as the uncompressed body", async () => {
      const long = JSON.stringify(
        Array.from({ length: 1000 }, (_, index) => ({
          type: "a.b",
          data: { index, text: "x".repeat(2000) },
        })),
      );
      const key = { "idempotency-key": "long-and-packed" };
      const packed = await post("/api/events/batch", gzipSync(long), { "content-encoding": "gzip", ...key });
      assert.equal(packed.status, 202, packed.text);
      const again = await post("/api/events/batch", long, key);
      assert.equal(again.headers.get("idempotent-replayed"), "true");
      assert.deepEqual(again.body, packed.body);
    });

    for (const [coding, pack] of [
      ["br", brotliCompressSync],
      ["zstd", zstdCompressSync],
      ["compress", gzipSync],
    ] as const) {
      it(`are refused as ${coding}, with the supported codings`, async () => {
        const response = await post("/api/events", pack(event()), { "content-encoding": coding });
        assert.equal(response.status, 415);
        assert.equal(response.body.code, "unsupported_media_type");
        assert.match(response.body.detail, new RegExp(`\`${coding}\`.*gzip, deflate`));
        assert.equal(response.headers.get("accept-encoding"), "gzip, deflate");
      });
    }

    it("are refused when compressed twice", async () => {
      const twice = gzipSync(gzipSync(event()));
      const response = await post("/api/events", twice, { "content-encoding": "gzip, gzip" });
      assert.equal(response.status, 415);
      assert.match(response.body.detail, /2 codings/);
    });

    it("are refused when they do not match their coding or are truncated", async () => {
      const headers = { "content-encoding": "gzip" };
      for (const bytes of [event(), gzipSync(event()).subarray(0, 20), Buffer.alloc(100), ""]) {
        for (const path of ["/api/events", CONNECT]) {
          const response = await post(path, bytes, headers);
          assert.equal(response.status, 400, response.text);
          assert.match(response.text, /"code":"(?:invalid_request|malformed_json)"/);
        }
      }
      const damaged = gzipSync(event({ text: "x".repeat(1000) }));
      damaged.writeUInt8((damaged.at(-6) ?? 0) ^ 0xff, damaged.length - 6);
      const response = await post("/api/events", damaged, headers);
      assert.equal(response.status, 400);
      assert.match(response.body.detail, /Content-Encoding/);
    });

    it("are limited by their decompressed size", async () => {
      const headers = { "content-encoding": "gzip" };
      const bomb = gzipSync(Buffer.alloc(64 * MIB, 0x20), { level: 9 });
      for (const [path, limit] of [
        ["/api/events", 262_144],
        ["/api/events/batch", 8_388_608],
        [CONNECT, 65_536],
        ["/api/session", 65_536],
      ] as const) {
        const response = await post(path, bomb.subarray(0, 60_000), headers);
        assert.equal(response.status, 413, response.text);
        assert.match(response.body.detail, new RegExp(`${limit} bytes`));
      }
      assert.equal((await post("/api/events", gzipSync(event()), headers)).status, 202, "goes on");
    });

    it("are limited by their compressed size too, however little they decompress to", async () => {
      // Blocks without content, five bytes each (RFC 1951, 3.2.4), in a body without a declared length.
      const blocks = Buffer.concat([
        gzipSync("").subarray(0, 10),
        Buffer.alloc(500_000, "000000ffff", "hex"),
      ]);
      const chunk = Buffer.concat([
        Buffer.from(`${blocks.length.toString(16)}\r\n`),
        blocks,
        Buffer.from("\r\n"),
      ]);
      const head = [
        "POST /api/events HTTP/1.1",
        "host: 127.0.0.1",
        `authorization: Bearer ${instance.key}`,
        `content-type: ${JSON_TYPE}`,
        "content-encoding: gzip",
        "transfer-encoding: chunked",
        "connection: close",
      ];
      const bytes = Buffer.concat([
        Buffer.from(`${head.join("\r\n")}\r\n\r\n`),
        chunk,
        Buffer.from("0\r\n\r\n"),
      ]);
      assert.match(await sendRaw(instance.server.url, bytes).closed, /^HTTP\/1\.1 413 /);
    });

    it("are ignored on calls without a body, even with an unsupported coding", async () => {
      const headers = { "content-encoding": "br" };
      assert.equal((await instance.api.get("/api/events", headers)).status, 200);
    });

    it("count as the largest body of their call while they are read, then release that space", async () => {
      const bodies = new BodyBytes(10);
      const leave = bodies.take("a", 10);
      assert.equal(bodies.take("b", 1), "all");
      if (typeof leave === "string") assert.fail(leave);
      leave();
      assert.equal(typeof bodies.take("b", 10), "function");
      // More compressed batches than fit concurrently: each releases its space at its end.
      const headers = { "content-encoding": "gzip" };
      for (let count = 0; count < 12; count++) {
        assert.equal((await post("/api/events/batch", gzipSync(`[${event()}]`), headers)).status, 202);
        assert.equal((await post("/api/events/batch", "no gzip", headers)).status, 400);
      }
    });
  });

  describe("in another encoding", () => {
    for (const [name, bytes, words] of [
      ["UTF-8 with a byte order mark", Buffer.from(`\ufeff${event()}`), /byte order mark/],
      ["UTF-16 with a mark", Buffer.from(`\ufeff${event()}`, "utf16le"), /UTF-16/],
      ["UTF-16 without a mark", Buffer.from(event(), "utf16le"), /UTF-16/],
      ["UTF-16, big-endian", Buffer.from(`\ufeff${event()}`, "utf16le").swap16(), /UTF-16/],
      ["UTF-32", Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]), /UTF-32/],
      ["Latin-1", Buffer.from('{"type":"a.b","data":{"n":"é"}}', "latin1"), /not valid UTF-8/],
    ] as const) {
      it(`are refused with the encoding's name: ${name}`, async () => {
        for (const path of ["/api/events", "/api/events/batch", CONNECT]) {
          const response = await post(path, bytes, {});
          assert.equal(response.status, 400, response.text);
          assert.equal(response.body.code, "malformed_json");
          assert.match(response.body.detail, words);
        }
      });
    }

    it("are refused if their charset is not UTF-8, in any spelling of it", async () => {
      for (const charset of ["iso-8859-1", "utf-16", '"windows-1252"', "utf-7"]) {
        const response = await post("/api/events", event(), {
          "content-type": `${JSON_TYPE}; charset=${charset}`,
        });
        assert.equal(response.status, 415, charset);
        assert.match(response.body.detail, new RegExp(`\`${charset.replaceAll('"', "")}\`.*UTF-8`));
      }
      for (const charset of ["utf-8", "UTF-8", '"utf-8"', "utf8", "us-ascii"]) {
        const type = `${JSON_TYPE};charset=${charset}`;
        assert.equal((await post("/api/events", event(), { "content-type": type })).status, 202, charset);
      }
    });
  });

  describe("of JSON", () => {
    it("with the value null are not reported as empty", async () => {
      for (const path of ["/api/events", CONNECT, "/api/session"]) {
        const response = await post(path, "null", {});
        assert.equal(response.status, 422, response.text);
        assert.doesNotMatch(response.body.detail, /empty/);
        const empty = await post(path, " \n", {});
        assert.equal(empty.status, 400);
      }
    });

    for (const [name, body, path] of [
      [
        "at the top",
        '{"webhook_url":"https://a.example/","webhook_url":"https://b.example/"}',
        "webhook_url",
      ],
      ["with an escape", '{"name":"a","n\\u0061me":"b","webhook_url":"https://a.example/"}', "name"],
      ["below", '{"webhook_url":"https://a.example/","x":[{"y":1,"y":2}]}', "x.0.y"],
      ["of a prototype", '{"__proto__":1,"__proto__":2}', "__proto__"],
    ] as const) {
      it(`are refused when a name occurs twice ${name}`, async () => {
        const response = await post(CONNECT, body, {});
        assert.equal(response.status, 422, response.text);
        assert.deepEqual(response.body.errors[0].path, path);
        assert.match(response.body.errors[0].message, /more than once/);
      });
    }
  });

  it("query parameters accept whole numbers only as plain digits", async () => {
    for (const list of [
      "/api/events",
      "/api/deliveries",
      "/api/audit-log",
      "/api/integrations/connections",
    ]) {
      for (const limit of ["1e1", "0x10", "%2B5", "5.0", "%205", "5%20", "", "1_0", "٥", "-1", "0", "101"]) {
        const response = await instance.api.get(`${list}?limit=${limit}`);
        assert.equal(response.status, 422, `${list} ${limit}`);
        assert.equal(response.body.errors[0].path, "limit");
      }
      for (const limit of ["1", "100", "007"]) {
        assert.equal((await instance.api.get(`${list}?limit=${limit}`)).status, 200, limit);
      }
    }
  });

  it("leave nothing behind when the caller disconnects in the middle", async () => {
    const head = (path: string, more = "") =>
      `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${instance.key}\r\ncontent-type: ${JSON_TYPE}\r\ncontent-length: 100000\r\n${more}\r\n{`;
    const gzip = "content-encoding: gzip\r\n";
    const heads = ["/api/events", "/api/events/batch", CONNECT, "/api/session"].flatMap((path) => [
      head(path),
      head(path, gzip),
    ]);
    for (let round = 0; round < 12; round++) {
      for (const bytes of heads) {
        const { socket, closed } = sendRaw(instance.server.url, bytes);
        socket.once("connect", () => setTimeout(() => socket.resetAndDestroy(), round));
        await closed;
      }
    }
    // Each of these batches counted as 8 MiB of the 64 MiB available.
    assert.equal((await post("/api/events/batch", `[${event()}]`, {})).status, 202);
    assert.doesNotMatch(instance.server.output(), /database unreachable|"level":(?:40|50).*request/);
  });
});
