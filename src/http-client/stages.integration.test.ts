import assert from "node:assert/strict";
import http from "node:http";
import net from "node:net";
import { suite, type TestContext, test } from "node:test";
import { listen } from "../../test/support/listen.ts";
import { openEgress } from "../../test/support/open-egress.ts";
import { until } from "../../test/support/until.ts";
import type { AttemptStage, OnStage, Timings } from "../domain/outcome.ts";
import type { EgressOptions } from "./egress.ts";

type StageReport = { readonly stage: AttemptStage; readonly timings: Timings };

const NAME = "receiver.test";
const toLoopback = (t: TestContext, options: Partial<EgressOptions> = {}) =>
  openEgress(t, { resolve: async () => ["127.0.0.1"], ...options });

function requestTo(port: number, host = NAME) {
  return { url: new URL(`http://${host}:${port}/`), headers: {}, body: '{"a":1}' };
}

/** Records each stage once, in the order in which it was entered. */
function watcher(): {
  readonly reports: StageReport[];
  readonly onStage: OnStage;
  readonly stages: () => AttemptStage[];
} {
  const reports: StageReport[] = [];
  return {
    reports,
    onStage: (stage, timings) => reports.push({ stage, timings }),
    stages: () => reports.map(({ stage }) => stage).filter((stage, index, all) => stage !== all[index - 1]),
  };
}

/** Sends the head and the body of a response when the test says so. */
async function startSlow(t: TestContext) {
  const responses: http.ServerResponse[] = [];
  const receiver = await listen(
    t,
    http.createServer((_incoming, response) => responses.push(response)),
  );
  return { ...receiver, responses };
}

suite("stages", () => {
  test("are reported as they are entered, with the durations of earlier ones", async (t) => {
    const { port, responses } = await startSlow(t);
    const { reports, onStage, stages } = watcher();
    const sending = toLoopback(t).send(requestTo(port), "subject", onStage);
    await until(() => responses.length === 1, "the request arrives");
    assert.deepEqual(stages(), ["dns", "connect", "first_byte"]);
    const waiting = reports.at(-1)?.timings;
    assert.ok(waiting !== undefined && waiting.dns !== null && waiting.connect !== null);
    assert.ok(waiting.sent !== null && waiting.first_byte === null && waiting.tls === null);

    responses[0]?.writeHead(200).write("half");
    await until(() => stages().at(-1) === "body", "the head is reported");
    assert.notEqual(reports.at(-1)?.timings.first_byte, null);
    responses[0]?.end("whole");
    const outcome = await sending;
    assert.equal(stages().at(-1), "done");
    assert.deepEqual({ ...reports.at(-1)?.timings, total: 0 }, { ...outcome.timings, total: 0 });
    const { dns, connect, first_byte, sent, total } = outcome.timings;
    assert.ok((sent ?? 0) <= (first_byte ?? 0));
    assert.ok((dns ?? 0) + (connect ?? 0) + (first_byte ?? 0) <= total + 0.3);
  });

  test("are reported from the current one on to a watcher that begins in the middle", async (t) => {
    const { port, responses } = await startSlow(t);
    const egress = toLoopback(t);
    const subject = { name: "mine" };
    const sending = egress.send(requestTo(port), subject);
    const other = egress.send(requestTo(port), { name: "another" });
    await until(() => responses.length === 2, "both requests arrive");
    const mine = [...egress.underWay()].filter((one) => one.subject === subject);
    assert.equal(mine.length, 1);
    const { reports, onStage, stages } = watcher();
    mine[0]?.watch(onStage);
    assert.deepEqual(stages(), ["first_byte"]);
    assert.notEqual(reports[0]?.timings.connect, null);
    for (const response of responses) response.end();
    await Promise.all([sending, other]);
    assert.deepEqual(stages(), ["first_byte", "body", "done"]);
    assert.deepEqual([...egress.underWay()], []);
    mine[0]?.watch(onStage);
    assert.deepEqual(stages(), ["first_byte", "body", "done"], "ended stages are not reported again");
  });

  test("skip connecting if the connection was already open", async (t) => {
    const { port, responses } = await startSlow(t);
    const egress = toLoopback(t);
    const first = egress.send(requestTo(port));
    await until(() => responses.length === 1, "the first arrives");
    responses[0]?.end();
    await first;
    const { reports, onStage, stages } = watcher();
    const second = egress.send(requestTo(port), null, onStage);
    await until(() => responses.length === 2, "the second arrives");
    responses[1]?.end();
    await second;
    assert.deepEqual(stages(), ["first_byte", "body", "done"]);
    assert.ok(reports.every(({ timings }) => timings.dns === null && timings.connect === null));
  });

  test("end with the one that failed", async (t) => {
    const unresponsive = await listen(
      t,
      net.createServer((socket) => socket.resume()),
    );
    const closed = net.createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port: closedPort } = closed.address() as net.AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const cases: readonly [AttemptStage[], Partial<EgressOptions>, number][] = [
      [["dns", "done"], { resolve: async () => [] }, unresponsive.port],
      [
        ["dns", "done"],
        { resolve: () => new Promise(() => undefined), connectTimeoutMs: 50 },
        unresponsive.port,
      ],
      [["dns", "connect", "done"], {}, closedPort],
      [["dns", "connect", "first_byte", "done"], { deadlineMs: 100 }, unresponsive.port],
    ];
    for (const [expected, options, port] of cases) {
      const { onStage, stages } = watcher();
      const outcome = await toLoopback(t, options).send(requestTo(port), null, onStage);
      assert.equal(outcome.kind, "failure");
      assert.deepEqual(stages(), expected);
    }
    const { onStage, stages } = watcher();
    const url = new URL(`https://${NAME}:${unresponsive.port}/`);
    await toLoopback(t, { connectTimeoutMs: 100 }).send({ url, headers: {}, body: "" }, null, onStage);
    assert.deepEqual(stages(), ["dns", "connect", "tls", "done"]);
  });

  test("of a refused request are none", async (t) => {
    const { reports, onStage } = watcher();
    const url = new URL("http://user:password@127.0.0.1/");
    const outcome = await openEgress(t).send({ url, headers: {}, body: "" }, null, onStage);
    assert.equal(outcome.kind, "failure");
    assert.deepEqual(reports, []);
  });
});
