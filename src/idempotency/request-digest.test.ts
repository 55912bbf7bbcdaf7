import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createRequestDigest, type DigestedRequest, isSameRequest } from "./request-digest.ts";

const SECRET = "a session secret for tests, long enough";
const REQUEST = {
  method: "POST",
  route: "/api/deliveries/:id/retry",
  params: { id: "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11" },
  body: '{"a":1}',
};

suite("the digest of a request", () => {
  const digestBy =
    (secret: string) =>
    ({ body, ...request }: DigestedRequest & { readonly body: string }) =>
      createRequestDigest(secret)(request).update(body).digest("hex");
  const digest = digestBy(SECRET);

  test("is the same in every process with the same session secret, and across versions", () => {
    assert.equal(digest(REQUEST), digestBy(SECRET)({ ...REQUEST, params: { ...REQUEST.params } }));
    assert.equal(digest(REQUEST), "6b0e39ac155d790d1b4ee4f918a64d9c81bbc9653185664202c9f8df2fd87752");
  });

  test("differs by method, route, path parameters, body and secret", () => {
    const others = [
      digest({ ...REQUEST, method: "PUT" }),
      digest({ ...REQUEST, route: "/api/deliveries/:id/cancel" }),
      digest({ ...REQUEST, params: { id: "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e12" } }),
      digest({ ...REQUEST, params: {} }),
      digest({ ...REQUEST, body: '{"a":2}' }),
      digest({ ...REQUEST, body: "" }),
      digestBy(`${SECRET}.`)(REQUEST),
    ];
    assert.equal(new Set([digest(REQUEST), ...others]).size, others.length + 1);
  });

  test("keeps route, parameters and body apart", () => {
    const one = { method: "POST", route: "/a", params: {}, body: "\nb" };
    assert.notEqual(digest(one), digest({ ...one, route: "/a\n", body: "b" }));
    const params = { a: "1", b: "2" };
    assert.notEqual(digest({ ...one, params }), digest({ ...one, params: { a: "1,b:2" } }));
    assert.equal(digest({ ...one, params }), digest({ ...one, params: { b: "2", a: "1" } }));
  });

  test("identifies repeated requests", () => {
    const first = { digest: digest(REQUEST) };
    assert.equal(isSameRequest(first, { digest: digest({ ...REQUEST }) }), true);
    assert.equal(isSameRequest(first, { digest: digest({ ...REQUEST, body: "" }) }), false);
    assert.equal(isSameRequest(first, { digest: "" }), false);
  });
});
