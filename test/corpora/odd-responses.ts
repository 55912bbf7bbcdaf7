import zlib from "node:zlib";

/** A receiver's response, and the expected outcome. */
export type OddResponse = {
  readonly name: string;
  readonly sends: string | Buffer;
  /** How the receiver ends the connection afterwards; by default it leaves it open. */
  readonly ends?: "close" | "reset";
  readonly expected: Expected;
};

export type Expected =
  | {
      readonly status: number;
      /** The body that is kept; by default "ok". */
      readonly body?: string;
      readonly isTruncated?: true;
      readonly headers?: Readonly<Record<string, string>>;
      /** Whether the connection cannot be reused; by default it can. */
      readonly isClosed?: true;
    }
  | { readonly failure: string; readonly stage: "first_byte" | "body"; readonly detail?: RegExp };

const OK = "HTTP/1.1 200 OK\r\n";
const BODY = "content-length: 2\r\n\r\nok";
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;
const KIB = 1024;

function encoded(coding: string, body: Buffer, contentType = "text/plain"): Buffer {
  const head = `${OK}content-type: ${contentType}\r\ncontent-encoding: ${coding}\r\ncontent-length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

function typed(contentType: string, body: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`${OK}content-type: ${contentType}\r\ncontent-length: ${body.length}\r\n\r\n`),
    body,
  ]);
}

const TEXT = Buffer.from("grüße");
const ACCEPTED: readonly OddResponse[] = [
  { name: "an ordinary response", sends: `${OK}${BODY}`, expected: { status: 200 } },
  // Status lines
  { name: "no reason phrase", sends: `HTTP/1.1 200 \r\n${BODY}`, expected: { status: 200 } },
  { name: "not even a space after the status", sends: `HTTP/1.1 200\r\n${BODY}`, expected: { status: 200 } },
  {
    name: "several spaces in the status line",
    sends: `HTTP/1.1  200   OK\r\n${BODY}`,
    expected: { status: 200 },
  },
  { name: "HTTP/1.0", sends: `HTTP/1.0 200 OK\r\n${BODY}`, expected: { status: 200, isClosed: true } },
  {
    name: "HTTP/1.0 with keep-alive",
    sends: `HTTP/1.0 200 OK\r\nconnection: keep-alive\r\n${BODY}`,
    expected: { status: 200 },
  },
  { name: "a future minor version", sends: `HTTP/1.9 200 OK\r\n${BODY}`, expected: { status: 200 } },
  { name: "an unknown status", sends: `HTTP/1.1 299 Odd\r\n${BODY}`, expected: { status: 299 } },
  { name: "an unassigned status", sends: `HTTP/1.1 799 Odd\r\n${BODY}`, expected: { status: 799 } },
  { name: "a reason in UTF-8", sends: `HTTP/1.1 200 Schön\r\n${BODY}`, expected: { status: 200 } },
  { name: "a blank line before the status line", sends: `\r\n${OK}${BODY}`, expected: { status: 200 } },
  { name: "bare LFs before the status line", sends: `\n\n${OK}${BODY}`, expected: { status: 200 } },
  // Interim responses
  {
    name: "an unrequested 100 Continue",
    sends: `HTTP/1.1 100 Continue\r\n\r\n${OK}${BODY}`,
    expected: { status: 200 },
  },
  {
    name: "100, 102 and 103 in sequence",
    sends: `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${OK}${BODY}`,
    expected: { status: 200 },
  },
  {
    name: "an unknown interim status",
    sends: `HTTP/1.1 199 Wait\r\n\r\n${OK}${BODY}`,
    expected: { status: 200 },
  },
  {
    name: "an interim response with contradictory lengths",
    sends: `HTTP/1.1 103 Early Hints\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n${OK}${BODY}`,
    expected: { status: 200 },
  },
  // Header lines
  {
    name: "lines that end with a bare LF",
    sends: "HTTP/1.1 200 OK\nx-a: 1\ncontent-length: 2\n\nok",
    expected: { status: 200, headers: { "x-a": "1" } },
  },
  {
    name: "mixed line ends",
    sends: "HTTP/1.1 200 OK\r\nx-a: 1\ncontent-length: 2\r\n\nok",
    expected: { status: 200, headers: { "x-a": "1" } },
  },
  {
    name: "a folded header",
    sends: `${OK}x-a: 1\r\n  2\r\n\t3\r\n${BODY}`,
    expected: { status: 200, headers: { "x-a": "1 2 3" } },
  },
  {
    name: "a fold of white space only",
    sends: `${OK}x-a: 1\r\n \r\n${BODY}`,
    expected: { status: 200, headers: { "x-a": "1" } },
  },
  { name: "a fold before the first header", sends: `${OK} x-a: 1\r\n${BODY}`, expected: { status: 200 } },
  {
    name: "a folded length",
    sends: `${OK}content-length:\r\n 2\r\n\r\nok`,
    expected: { status: 200 },
  },
  {
    name: "a space before the colon",
    sends: `${OK}x-a : 1\r\n${BODY}`,
    expected: { status: 200, headers: { "x-a": "1" } },
  },
  {
    name: "no space after the colon",
    sends: `${OK}x-a:1\r\ncontent-length:2\r\n\r\nok`,
    expected: { status: 200, headers: { "x-a": "1" } },
  },
  {
    name: "an empty value",
    sends: `${OK}x-a:\r\n${BODY}`,
    expected: { status: 200, headers: { "x-a": "" } },
  },
  {
    name: "a NUL and a bare CR in a value",
    sends: `${OK}x-a: 1\x002\r3\r\n${BODY}`,
    expected: { status: 200, headers: { "x-a": "1 2 3" } },
  },
  {
    name: "values in UTF-8 and in Latin-1",
    sends: Buffer.concat([
      Buffer.from(`${OK}x-a: ü\r\nx-b: `),
      Buffer.from("ü", "latin1"),
      Buffer.from(`\r\n${BODY}`),
    ]),
    expected: { status: 200, headers: { "x-a": "ü", "x-b": "ü" } },
  },
  {
    name: "a repeated header",
    sends: `${OK}Retry-After: 60\r\nretry-after: 120\r\n${BODY}`,
    expected: { status: 200, headers: { "retry-after": "60, 120" } },
  },
  {
    name: "20 kB of headers",
    sends: `${OK}set-cookie: ${"y".repeat(20_000)}\r\nretry-after: 7\r\n${BODY}`,
    expected: { status: 200, headers: { "retry-after": "7" } },
  },
  {
    name: "60 KiB of headers",
    sends: `${OK}${`x-a: ${"y".repeat(KIB - 7)}\r\n`.repeat(60)}${BODY}`,
    expected: { status: 200 },
  },
  {
    name: "a thousand headers",
    sends: `${OK}${"x-a: 1\r\n".repeat(1000)}${BODY}`,
    expected: { status: 200 },
  },
  // Lengths
  {
    name: "the same length twice",
    sends: `${OK}content-length: 2\r\nContent-Length: 2\r\n\r\nok`,
    expected: { status: 200 },
  },
  {
    name: "the same length twice in one header",
    sends: `${OK}content-length: 2, 02\r\n\r\nok`,
    expected: { status: 200 },
  },
  { name: "a length of 0", sends: `${OK}content-length: 0\r\n\r\n`, expected: { status: 200, body: "" } },
  {
    name: "no length, ended by closing the connection",
    sends: `${OK}\r\nall of it`,
    ends: "close",
    expected: { status: 200, body: "all of it", isClosed: true },
  },
  {
    name: "no length, ended by a reset",
    sends: `${OK}connection: close\r\n\r\nall of it`,
    ends: "reset",
    expected: { status: 200, body: "all of it", isClosed: true },
  },
  {
    name: "more bytes than its length",
    sends: `${OK}content-length: 2\r\n\r\nok and more`,
    expected: { status: 200, isClosed: true },
  },
  {
    name: "an unrequested second response",
    sends: `${OK}${BODY}HTTP/1.1 500 Oops\r\n${BODY}`,
    expected: { status: 200, isClosed: true },
  },
  { name: "204", sends: "HTTP/1.1 204 No Content\r\n\r\n", expected: { status: 204, body: "" } },
  {
    name: "204 with a body",
    sends: `HTTP/1.1 204 No Content\r\n${BODY}`,
    expected: { status: 204, body: "", isClosed: true },
  },
  { name: "304", sends: "HTTP/1.1 304 Not Modified\r\n\r\n", expected: { status: 304, body: "" } },
  {
    name: "a length far above the read limit",
    sends: `${OK}content-length: 99999999999999999999\r\n\r\n${"x".repeat(65 * KIB)}`,
    expected: { status: 200, body: "x".repeat(16 * KIB), isTruncated: true, isClosed: true },
  },
  // Chunks
  { name: "chunks", sends: `${CHUNKED}1\r\no\r\n1\r\nk\r\n0\r\n\r\n`, expected: { status: 200 } },
  { name: "chunks with bare LFs", sends: `${CHUNKED}2\nok\n0\n\n`, expected: { status: 200 } },
  {
    name: "chunks with extensions and trailers",
    sends: `${CHUNKED}2;a=b;c\r\nok\r\n0;z\r\nx-a: 1\r\n\r\n`,
    expected: { status: 200 },
  },
  {
    name: "a chunk size with leading zeros and spaces",
    sends: `${CHUNKED}0002 \r\nok\r\n00\r\n\r\n`,
    expected: { status: 200 },
  },
  {
    name: "a last chunk without its empty line",
    sends: `${CHUNKED}2\r\nok\r\n0\r\n`,
    ends: "close",
    expected: { status: 200, isClosed: true },
  },
  {
    name: "a repeated Transfer-Encoding: chunked",
    sends: `${OK}transfer-encoding: chunked\r\ntransfer-encoding: Chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
    expected: { status: 200, isClosed: true },
  },
  {
    name: "Transfer-Encoding: identity and a length",
    sends: `${OK}transfer-encoding: identity\r\n${BODY}`,
    expected: { status: 200 },
  },
  {
    name: "bytes after the last chunk",
    sends: `${CHUNKED}2\r\nok\r\n0\r\n\r\nmore`,
    expected: { status: 200, isClosed: true },
  },
  {
    name: "a chunk extension of 70 KiB",
    sends: `${CHUNKED}2\r\nok\r\n2;${"y".repeat(70 * KIB)}`,
    expected: { status: 200, isTruncated: true, isClosed: true },
  },
  {
    name: "trailers of 70 KiB",
    sends: `${CHUNKED}2\r\nok\r\n0\r\n${"x: y\r\n".repeat(12 * KIB)}`,
    expected: { status: 200, isTruncated: true, isClosed: true },
  },
  // Codings and charsets
  { name: "gzip", sends: encoded("gzip", zlib.gzipSync("ok")), expected: { status: 200 } },
  { name: "x-gzip", sends: encoded("X-GZIP", zlib.gzipSync("ok")), expected: { status: 200 } },
  {
    name: "deflate with its zlib header",
    sends: encoded("deflate", zlib.deflateSync("ok")),
    expected: { status: 200 },
  },
  { name: "bare deflate", sends: encoded("deflate", zlib.deflateRawSync("ok")), expected: { status: 200 } },
  { name: "br", sends: encoded("br", zlib.brotliCompressSync("ok")), expected: { status: 200 } },
  { name: "zstd", sends: encoded("zstd", zlib.zstdCompressSync("ok")), expected: { status: 200 } },
  {
    name: "two codings",
    sends: encoded("deflate, gzip", zlib.gzipSync(zlib.deflateSync("ok"))),
    expected: { status: 200 },
  },
  {
    name: "gzip and UTF-16",
    sends: encoded("gzip", zlib.gzipSync(Buffer.from("grüße", "utf16le")), "text/plain; charset=utf-16le"),
    expected: { status: 200, body: "grüße" },
  },
  {
    name: "a gzip bomb",
    sends: encoded("gzip", zlib.gzipSync("x".repeat(20 * KIB * KIB))),
    expected: { status: 200, body: "x".repeat(16 * KIB), isTruncated: true },
  },
  {
    name: "a brotli bomb within gzip",
    sends: encoded("br, gzip", zlib.gzipSync(zlib.brotliCompressSync("x".repeat(50 * KIB * KIB)))),
    expected: { status: 200, body: "x".repeat(16 * KIB), isTruncated: true },
  },
  {
    name: "truncated gzip",
    sends: encoded("gzip", zlib.gzipSync("ok ".repeat(10)).subarray(0, -8)),
    expected: { status: 200, body: "ok ".repeat(10) },
  },
  {
    name: "invalid gzip",
    sends: encoded("gzip", Buffer.from("ok")),
    expected: { status: 200 },
  },
  { name: "an unknown coding", sends: encoded("snappy", Buffer.from("ok")), expected: { status: 200 } },
  {
    name: "too many codings",
    sends: encoded(Array(9).fill("gzip").join(), Buffer.from("ok")),
    expected: { status: 200 },
  },
  {
    name: "an empty body in gzip",
    sends: encoded("gzip", Buffer.alloc(0)),
    expected: { status: 200, body: "" },
  },
  {
    name: "Latin-1",
    sends: typed("text/html; charset=ISO-8859-1", Buffer.from("grüße", "latin1")),
    expected: { status: 200, body: "grüße" },
  },
  {
    name: "a quoted charset in upper case",
    sends: typed('text/html;CHARSET="Windows-1252"', Buffer.from([0x80])),
    expected: { status: 200, body: "€" },
  },
  {
    name: "Shift_JIS",
    sends: typed("text/plain; charset=shift_jis", Buffer.from([0x93, 0xfa, 0x96, 0x7b])),
    expected: { status: 200, body: "日本" },
  },
  {
    name: "UTF-8 without a charset",
    sends: typed("text/plain", TEXT),
    expected: { status: 200, body: "grüße" },
  },
  {
    name: "an unknown charset",
    sends: typed("text/plain; charset=klingon", TEXT),
    expected: { status: 200, body: "grüße" },
  },
  {
    name: "a byte order mark of UTF-8",
    sends: typed("text/plain; charset=iso-8859-1", Buffer.from("\ufeffgrüße")),
    expected: { status: 200, body: "grüße" },
  },
  {
    name: "a byte order mark of UTF-16",
    sends: typed("text/plain", Buffer.from("\ufeffgrüße", "utf16le")),
    expected: { status: 200, body: "grüße" },
  },
  {
    name: "a byte order mark of big-endian UTF-16",
    sends: typed("text/plain", Buffer.from("\ufeffok", "utf16le").swap16()),
    expected: { status: 200 },
  },
];

const INVALID = { failure: "invalid_response", stage: "first_byte" } as const;
const RESET = { failure: "connection_reset", stage: "first_byte" } as const;

const FAILED: readonly OddResponse[] = [
  // Not HTTP/1
  {
    name: "another protocol",
    sends: "220 mail.example.com ESMTP\r\n",
    expected: { ...INVALID, detail: /status line/ },
  },
  { name: "another protocol without a line end", sends: "SSH-2.0-OpenSSH", expected: INVALID },
  { name: "the frames of HTTP/2", sends: Buffer.from([0, 0, 18, 4, 0, 0, 0, 0, 0]), expected: INVALID },
  { name: "a status line of HTTP/2", sends: `HTTP/2 200 OK\r\n${BODY}`, expected: INVALID },
  { name: "a body without a head", sends: '{"ok":true}', ends: "close", expected: INVALID },
  { name: "a status of two digits", sends: `HTTP/1.1 20 OK\r\n${BODY}`, expected: INVALID },
  { name: "a status below 100", sends: `HTTP/1.1 099 OK\r\n${BODY}`, expected: INVALID },
  { name: "a status of four digits", sends: `HTTP/1.1 2000 OK\r\n${BODY}`, expected: INVALID },
  {
    name: "an unrequested protocol switch",
    sends: "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
    expected: { ...INVALID, detail: /switched/ },
  },
  // Ambiguous messages
  {
    name: "a header line without a colon",
    sends: `${OK}nonsense\r\n${BODY}`,
    expected: { ...INVALID, detail: /header line/ },
  },
  { name: "a space in a header's name", sends: `${OK}bro ken: x\r\n${BODY}`, expected: INVALID },
  { name: "a header without a name", sends: `${OK}: x\r\n${BODY}`, expected: INVALID },
  {
    name: "two different lengths",
    sends: `${OK}content-length: 2\r\ncontent-length: 3\r\n\r\nok`,
    expected: { ...INVALID, detail: /two different/ },
  },
  { name: "a length with a sign", sends: `${OK}content-length: +2\r\n\r\nok`, expected: INVALID },
  { name: "a non-numeric length", sends: `${OK}content-length: two\r\n\r\nok`, expected: INVALID },
  {
    name: "a length and chunks",
    sends: `${OK}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
    expected: { ...INVALID, detail: /both/ },
  },
  {
    name: "an invalid chunk size",
    sends: `${CHUNKED}zz\r\nok\r\n`,
    expected: { ...INVALID, stage: "body" },
  },
  {
    name: "a chunk size with a prefix",
    sends: `${CHUNKED}0x2\r\nok\r\n`,
    expected: { ...INVALID, stage: "body" },
  },
  {
    name: "a chunk that is longer than its size",
    sends: `${CHUNKED}1\r\nok\r\n0\r\n\r\n`,
    expected: { ...INVALID, stage: "body" },
  },
  // Limits
  {
    name: "70 KiB of headers",
    sends: `${OK}x: ${"y".repeat(70 * KIB)}\r\n${BODY}`,
    expected: { failure: "response_too_large", stage: "first_byte", detail: /at most 64 KiB of headers/ },
  },
  {
    name: "70 KiB of interim responses",
    sends: `${"HTTP/1.1 103 Early Hints\r\n\r\n".repeat(2_800)}${OK}${BODY}`,
    expected: { failure: "response_too_large", stage: "first_byte", detail: /at most 64 KiB/ },
  },
  {
    name: "70 KiB of blank lines",
    sends: `${"\r\n".repeat(35 * KIB)}${OK}${BODY}`,
    expected: { failure: "response_too_large", stage: "first_byte", detail: /at most 64 KiB/ },
  },
  // Connections that end early
  { name: "nothing", sends: "", ends: "close", expected: RESET },
  { name: "half a status line", sends: "HTTP/1.1 20", ends: "close", expected: RESET },
  { name: "half a head", sends: `${OK}content-le`, ends: "close", expected: RESET },
  {
    name: "only an interim response",
    sends: "HTTP/1.1 100 Continue\r\n\r\n",
    ends: "close",
    expected: RESET,
  },
  {
    name: "half a body",
    sends: `${OK}content-length: 9\r\n\r\nok`,
    ends: "close",
    expected: { ...RESET, stage: "body" },
  },
  { name: "half a chunk", sends: `${CHUNKED}9\r\nok`, ends: "close", expected: { ...RESET, stage: "body" } },
  {
    name: "no last chunk",
    sends: `${CHUNKED}2\r\nok\r\n`,
    ends: "close",
    expected: { ...RESET, stage: "body" },
  },
];

export const ODD_RESPONSES: readonly OddResponse[] = [...ACCEPTED, ...FAILED];
