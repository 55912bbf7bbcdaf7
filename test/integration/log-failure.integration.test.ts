import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, describe, it } from "node:test";
import { makeSqlite } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";

const BODY = JSON.stringify({ email: "ada@example.com", password: "not the password of anybody" });

describe("the log of failed requests", () => {
  let instance: TestInstance;
  before(async () => {
    instance = await startInstance(makeSqlite);
  });
  after(() => instance.remove());

  /** Signs in from one of this machine's many addresses; if `hangsUp`, disconnects before the response. */
  function signIn(localAddress: string, hangsUp: boolean): Promise<string> {
    const port = Number(new URL(instance.server.url).port);
    const head = `POST /api/session HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ${BODY.length}\r\n\r\n`;
    return new Promise((resolve) => {
      let received = "";
      const socket = connect({ port, host: "127.0.0.1", localAddress }, () => {
        socket.write(head + BODY);
        if (hangsUp) setTimeout(() => socket.resetAndDestroy(), 20);
      });
      socket.on("data", (chunk: Buffer) => {
        received += chunk.toString();
      });
      socket.on("error", () => undefined);
      socket.once("close", () => resolve(received));
    });
  }

  it("never blames the database for too many callers, or for callers that disconnect", async () => {
    const from = (index: number) => `127.0.1.${1 + (index % 20)}`;
    const calls = Array.from({ length: 240 }, (_, index) => signIn(from(index), index % 2 === 0));
    const responses = await Promise.all(calls);
    assert.ok(
      responses.some((response) => response.startsWith("HTTP/1.1 503 ")),
      "some were too many",
    );
    const lines = instance.server.output().split("\n");
    const refused = lines.filter((line) => line.includes('"msg":"request refused: overloaded"'));
    assert.ok(refused.length > 0);
    assert.match(JSON.parse(refused[0] ?? "").reason, /^More calls are waiting/);
    assert.doesNotMatch(instance.server.output(), /database unreachable/);
  });
});
