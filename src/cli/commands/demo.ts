import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { loadOptions } from "../../config/load.ts";
import { loadSecrets } from "../../config/secrets.ts";
import { CommandError } from "../command-error.ts";
import { LocalClient } from "../local-client.ts";
import { print } from "../print.ts";
import { type ReceivedRequest, startReceiver } from "../receiver.ts";
import { serve } from "../serve.ts";
import { untilStopped } from "../until-stopped.ts";

const EMAIL = "demo@example.com";

type Tested = {
  readonly delivery: {
    readonly ok: boolean;
    readonly status: number | null;
    readonly status_text: string | null;
    readonly duration_ms: number;
    readonly request: {
      readonly url_preview: string;
      readonly headers: Record<string, string>;
      readonly body: string;
    };
    readonly response: { readonly body: string } | null;
    readonly explanation: { readonly title: string; readonly detail: string };
  };
};

export function addDemo(program: Command): void {
  program
    .command("demo")
    .description(
      "Start a temporary instance and a local receiver, and show a signed test event from both sides.",
    )
    .option("--once", "exit after the test event instead of keeping the dashboard open")
    .action(async ({ once }: { once?: boolean }) => {
      const dataDir = mkdtempSync(join(tmpdir(), "opensend-demo-"));
      try {
        await runDemo(dataDir, once === true);
      } finally {
        rmSync(dataDir, { recursive: true, force: true });
      }
    });
}

async function runDemo(dataDir: string, once: boolean): Promise<void> {
  const signingSecret = `whsec_${randomBytes(32).toString("base64")}`;
  const password = randomBytes(12).toString("base64url");
  const stopped = untilStopped();
  const received: ReceivedRequest[] = [];
  const receiver = await startReceiver({
    port: 0,
    secret: signingSecret,
    onRequest: (request) => void received.push(request),
  });
  const options = loadOptions({ PORT: "0", OPENSEND_DATA_DIR: dataDir, LOG_LEVEL: "warn" });
  const server = await serve(options, loadSecrets(options), { write: () => undefined });
  try {
    print(`OpenSend runs at ${server.url} with an empty database, a receiver at ${receiver.url}.`);
    const client = new LocalClient(server.url);
    const tested = await connectAndTest(client, server.setupUrl ?? "", receiver.url, {
      signingSecret,
      password,
    });
    show(tested, received.at(-1));
    if (once) return;
    print(`\nOpen the dashboard: ${server.url}/integrations`);
    print(`Sign in as ${EMAIL} with ${password}. Ctrl-C ends the demo and deletes everything.`);
    await stopped;
  } finally {
    await server.stop();
    await receiver.close();
  }
}

async function connectAndTest(
  client: LocalClient,
  setupUrl: string,
  receiverUrl: string,
  secrets: { signingSecret: string; password: string },
): Promise<Tested> {
  const token = new URL(setupUrl).searchParams.get("token");
  await client.call("POST", "/api/setup", { token, email: EMAIL, password: secrets.password, name: "Demo" });
  const connected = await client.call("POST", "/api/integrations/webhook", {
    name: "Local receiver",
    webhook_url: `${receiverUrl}/hooks/catch/${randomBytes(6).toString("hex")}`,
    signing_secret: secrets.signingSecret,
  });
  const { data } = connected as { data: { id: string } };
  return (await client.call("POST", `/api/integrations/connections/${data.id}/test`)) as Tested;
}

function show({ delivery }: Tested, received: ReceivedRequest | undefined): void {
  print("\n— Request, as OpenSend sent it —");
  print(`POST ${delivery.request.url_preview}`);
  for (const [name, value] of Object.entries(delivery.request.headers)) print(`${name}: ${value}`);
  print(`\n${delivery.request.body}`);
  print("\n— Response —");
  print(`${delivery.status ?? "none"} ${delivery.status_text ?? ""} in ${delivery.duration_ms} ms`);
  print(delivery.response?.body ?? "");
  print(`${delivery.explanation.title}. ${delivery.explanation.detail}`);
  print("\n— Receiver —");
  print(`x-opensend-signature ${received?.verdict.state ?? "did not arrive"}`);
  if (!delivery.ok || received?.verdict.state !== "verified") {
    throw new CommandError("The demo's test event was not delivered and verified.");
  }
}
