import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
  changeHeaders,
  findHeaderNameFault,
  findHeadersFault,
  findHeaderValueFault,
  HEADER_VALUE_LENGTH_MAX,
  HEADERS_MAX,
  namesAll,
  redactHeaders,
} from "./custom-headers.ts";

suite("a header's name", () => {
  for (const name of ["Authorization", "X-Api-Key", "x", "!#$%&'*+-.^_`|~09", "Cookie", "accept", "hosts"]) {
    test(`can be ${name}`, () => assert.equal(findHeaderNameFault(name), null));
  }

  const REFUSED = [
    ["Connection", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "HTTP2-Settings"],
    ["Proxy-Authorization", "proxy-connection", "Host", "Expect", "User-Agent"],
    ["Content-Type", "content-length", "Content-Encoding", "content-digest"],
    ["webhook-id", "Webhook-Signature", "webhook-anything", "X-OpenSend-Signature", "x-opensend-own"],
    ["traceparent", "TraceState", "__proto__"],
    ["", " ", "X Api Key", "X-Api-Key ", "X-Api-Key:", "x\r\ny", "x\ny", "x\0", "ü", "“x”", "x".repeat(101)],
  ].flat();
  for (const name of REFUSED) {
    test(`is refused when it is ${JSON.stringify(name.slice(0, 30))}`, () =>
      assert.match(findHeaderNameFault(name) ?? "", /^[A-Z].*\.$/));
  }

  test("is not repeated in the error, since the value may have been pasted with it", () => {
    assert.doesNotMatch(findHeaderNameFault("Authorization: Bearer s3cr3t") ?? "", /s3cr3t/);
  });
});

suite("a header's value", () => {
  for (const value of ["x", "Bearer abc", "a\tb", "!~", `"quoted"`, "x".repeat(HEADER_VALUE_LENGTH_MAX)]) {
    test(`can be ${JSON.stringify(value.slice(0, 30))}`, () =>
      assert.equal(findHeaderValueFault(value), null));
  }

  const REFUSED = ["", " ", " x", "x ", "x\t", "x\r\ny: z", "x\n", "x\0y", "x\x7f", "é", "✓", "\x80"];
  for (const value of [...REFUSED, "x".repeat(HEADER_VALUE_LENGTH_MAX + 1)]) {
    test(`is refused when it is ${JSON.stringify(value.slice(0, 30))}`, () =>
      assert.match(findHeaderValueFault(value) ?? "", /^Must .*\.$/));
  }
});

suite("all headers together", () => {
  const header = (index: number) => ({ name: `x-${index}`, value: "y" });
  const some = (count: number) => Array.from({ length: count }, (_, index) => header(index));

  test("are at most twenty", () => {
    assert.equal(findHeadersFault(some(HEADERS_MAX)), null);
    assert.match(findHeadersFault(some(HEADERS_MAX + 1)) ?? "", /At most 20/);
  });

  test("have a size that web servers accept", () => {
    const long = { name: "x", value: "y".repeat(4000) };
    assert.equal(findHeadersFault([long, { ...long, name: "z" }]), null);
    assert.match(
      findHeadersFault([long, { ...long, name: "z" }, { ...long, name: "a" }]) ?? "",
      /at most 8192/,
    );
  });
});

suite("a change of headers", () => {
  const BEFORE = [
    { name: "Authorization", value: "Bearer old" },
    { name: "X-Keep", value: "kept" },
  ];

  test("sets, replaces and removes headers by name without case, and keeps the others", () => {
    const changes = [
      { name: "authorization", value: "Bearer new" },
      { name: "x-none", value: null },
      { name: "A-First", value: "1" },
    ];
    assert.deepEqual(changeHeaders(BEFORE, changes), [
      { name: "A-First", value: "1" },
      { name: "authorization", value: "Bearer new" },
      { name: "X-Keep", value: "kept" },
    ]);
    assert.deepEqual(changeHeaders(BEFORE, [{ name: "X-KEEP", value: null }]), [BEFORE[0]]);
  });

  test("does nothing when empty, and removes all headers when null", () => {
    assert.deepEqual(changeHeaders(BEFORE, []), BEFORE);
    assert.deepEqual(changeHeaders(BEFORE, null), []);
  });

  test("knows whether it names every header", () => {
    const names = ["Authorization", "X-Keep"];
    const named = [{ name: "AUTHORIZATION", value: "x" }];
    assert.equal(namesAll(named, names), false);
    assert.equal(namesAll([...named, { name: "x-keep", value: null }], names), true);
    assert.equal(namesAll(null, names), true);
    assert.equal(namesAll([], []), true);
  });
});

test("displayed headers have the names of sealed ones, but not their values", () => {
  const headers = { Authorization: "Bearer s3cr3t", "webhook-id": "1" };
  assert.deepEqual(redactHeaders(headers, ["Authorization"]), {
    Authorization: "[redacted]",
    "webhook-id": "1",
  });
  assert.equal(redactHeaders(headers, []), headers);
});
