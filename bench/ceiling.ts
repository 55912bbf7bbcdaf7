import { webhook } from "../src/connectors/webhook/webhook.ts";
import { newId } from "../src/db/new-id.ts";
import { createEgress } from "../src/http-client/egress.ts";
import { benchBody, benchType } from "./rig/bench-event.ts";
import { openPostClient } from "./rig/post-client.ts";
import { serveCalls } from "./rig/serve-calls.ts";

/**
 * The number of requests that one Node process can sign and send without a database: OpenSend's own request and
 * signatures, and undici with as little around it as possible, or OpenSend's egress for comparison.
 */
export type CeilingRun = {
  readonly receiverUrl: string;
  readonly connections: number;
  /** Concurrent requests. */
  readonly concurrency: number;
  readonly sends: number;
  readonly by: "undici" | "egress";
};

export type CeilingResult = {
  readonly sends: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
};

const SIGNING_SECRET = "bench-signing-secret";

type Send = (request: ReturnType<typeof webhook.buildRequest>) => Promise<number>;
type Sender = { readonly send: readonly Send[]; readonly close: () => Promise<unknown> };

function openSender({ by, concurrency, receiverUrl }: CeilingRun): Sender {
  if (by === "undici") {
    const clients = Array.from({ length: concurrency }, () => openPostClient(receiverUrl));
    return {
      send: clients.map(
        (client) => (request) => client.post(request.url.pathname, request.headers, request.body),
      ),
      close: () => Promise.all(clients.map((client) => client.close())),
    };
  }
  const egress = createEgress({ allowedCidrs: [], allowLoopback: true, proxyUrl: null });
  const send: Send = async (request) => {
    const outcome = await egress.send(request);
    return outcome.kind === "response" ? outcome.response.status : 0;
  };
  return { send: Array.from({ length: concurrency }, () => send), close: () => egress.close() };
}

const calls = {
  run: async (input: CeilingRun): Promise<CeilingResult> => {
    const targets = Array.from({ length: input.connections }, (_, index) => ({
      credentials: { webhookUrl: `${input.receiverUrl}/hook/${index}`, signingSecret: SIGNING_SECRET },
      body: benchBody(benchType(index)),
    }));
    const sender = openSender(input);
    let sent = 0;
    const sendNext = async (send: Send): Promise<void> => {
      const target = targets[sent++ % targets.length];
      if (target === undefined) return;
      const timestampSeconds = Math.floor(Date.now() / 1000);
      const fixed = { timestampSeconds, traceContext: null, version: "bench" };
      const status = await send(webhook.buildRequest({ ...target, ...fixed, eventId: newId() }));
      if (status !== 200) throw new Error(`the receiver returned ${status}`);
    };
    // Opens the connections before the measurement begins.
    await Promise.all(sender.send.map(sendNext));
    sent = 0;
    const run = async (send: Send): Promise<void> => {
      while (sent < input.sends) await sendNext(send);
    };
    const cpuBefore = process.cpuUsage();
    const startedAt = performance.now();
    await Promise.all(sender.send.map(run));
    const seconds = (performance.now() - startedAt) / 1000;
    const cpu = process.cpuUsage(cpuBefore);
    await sender.close();
    return { sends: sent, seconds, cpuSeconds: (cpu.user + cpu.system) / 1e6 };
  },
};

export type CeilingCalls = typeof calls;
serveCalls(calls);
