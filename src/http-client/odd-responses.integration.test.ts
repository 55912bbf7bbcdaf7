import assert from "node:assert/strict";
import net, { type Socket } from "node:net";
import { suite, type TestContext, test } from "node:test";
import { type Expected, ODD_RESPONSES, type OddResponse } from "../../test/corpora/odd-responses.ts";
import { listen } from "../../test/support/listen.ts";
import { openEgress } from "../../test/support/open-egress.ts";
import { until } from "../../test/support/until.ts";
import type { Outcome } from "../domain/outcome.ts";

/** Sends the odd response to the first request and an ordinary one to each later request. */
async function startOdd(t: TestContext, { sends, ends }: OddResponse) {
  let requests = 0;
  const response = (socket: Socket) => {
    requests += 1;
    if (requests > 1) return socket.write("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nnext");
    if (ends === "close") return socket.end(sends);
    socket.write(sends);
    if (ends === "reset") setTimeout(() => socket.resetAndDestroy(), 30);
  };
  const server = net.createServer({ noDelay: true }, (socket) => {
    let received = "";
    socket.on("data", (bytes) => {
      received += bytes;
      if (!received.endsWith("\r\n\r\n{}")) return;
      received = "";
      response(socket);
    });
  });
  return listen(t, server);
}

function assertExpected(outcome: Outcome, expected: Expected): void {
  if ("failure" in expected) {
    assert.ok(outcome.kind === "failure", JSON.stringify(outcome));
    assert.deepEqual([outcome.failure.code, outcome.failure.stage], [expected.failure, expected.stage]);
    assert.match(outcome.failure.detail ?? "", expected.detail ?? /^/);
    return;
  }
  assert.ok(outcome.kind === "response", JSON.stringify(outcome));
  const { status, body, truncated, headers } = outcome.response;
  assert.deepEqual(
    { status, body, truncated },
    { status: expected.status, body: expected.body ?? "ok", truncated: expected.isTruncated ?? false },
  );
  for (const [name, value] of Object.entries(expected.headers ?? {})) assert.equal(headers[name], value);
}

suite("a receiver that sends", () => {
  for (const odd of ODD_RESPONSES) {
    test(`${odd.name} results in ${"failure" in odd.expected ? odd.expected.failure : odd.expected.status}`, async (t) => {
      const receiver = await startOdd(t, odd);
      const egress = openEgress(t, { deadlineMs: 5_000 });
      const send = () =>
        egress.send({ url: new URL(`http://127.0.0.1:${receiver.port}/`), headers: {}, body: "{}" });
      assertExpected(await send(), odd.expected);
      const isClosed = "failure" in odd.expected || odd.expected.isClosed === true;
      if (isClosed) await until(() => receiver.open() === 0, "the connection is closed");

      const next = await send();
      assert.ok(next.kind === "response", JSON.stringify(next));
      assert.equal(next.response.body, "next");
      assert.equal(receiver.connections(), isClosed ? 2 : 1);
    });
  }

  test("is tested with at least 60 kinds of odd responses", (t) => {
    assert.ok(new Set(ODD_RESPONSES.map(({ name }) => name)).size >= 60);
    t.diagnostic(`${ODD_RESPONSES.length} odd responses`);
  });
});
