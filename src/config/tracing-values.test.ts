import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { OptionError } from "./option-error.ts";
import {
  parseHeaderPairs,
  parsePairs,
  parseRatio,
  parseSampler,
  parseTracesEndpoint,
} from "./tracing-values.ts";

suite("the endpoint of a collector", () => {
  for (const [text, url] of [
    ["http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"],
    ["http://127.0.0.1:4318/", "http://127.0.0.1:4318/v1/traces"],
    ["https://otlp.example.com/otlp", "https://otlp.example.com/otlp/v1/traces"],
    ["https://otlp.example.com/otlp/", "https://otlp.example.com/otlp/v1/traces"],
  ] as const) {
    test(`${text} gets the path of traces appended`, () => assert.equal(parseTracesEndpoint(text), url));
  }

  for (const text of ["127.0.0.1:4318", "grpc://collector:4317", "http://collector?token=a", "http://a#b"]) {
    test(`${text} is refused`, () => assert.throws(() => parseTracesEndpoint(text), OptionError));
  }
});

suite("pairs for a collector", () => {
  test("are separated by commas, with percent-encoded values", () => {
    assert.deepEqual(parsePairs(" authorization=Basic%20YWRhOmE= , x-tenant = a%2Cb ,"), {
      authorization: "Basic YWRhOmE=",
      "x-tenant": "a,b",
    });
    assert.deepEqual(parsePairs("empty="), { empty: "" });
  });

  for (const text of ["authorization", "=a", "two words=a", "a=%zz", "a=b,c"]) {
    test(`${text} is refused`, () => assert.throws(() => parsePairs(text), OptionError));
  }

  test("are refused as headers when a value has a line break", () => {
    assert.throws(() => parseHeaderPairs("a=b%0D%0Ac"), OptionError);
    assert.throws(() => parseHeaderPairs("a=%C3%A9"), OptionError);
    assert.deepEqual(parseHeaderPairs("a=b c"), { a: "b c" });
  });
});

suite("a sampler", () => {
  test("has one of the standard's names", () => {
    assert.equal(parseSampler("Parentbased_TraceIdRatio"), "parentbased_traceidratio");
    assert.throws(() => parseSampler("jaeger_remote"), OptionError);
  });

  test("has a ratio from 0 to 1", () => {
    assert.deepEqual(["0", "0.25", "1", "1.0"].map(parseRatio), [0, 0.25, 1, 1]);
    for (const text of ["1.1", "-0.1", "half", "0..1", "."])
      assert.throws(() => parseRatio(text), OptionError);
  });
});
