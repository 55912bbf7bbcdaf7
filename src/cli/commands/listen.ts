import type { Command } from "commander";
import { OPTIONS } from "../../config/options.ts";
import { isVerifiableSecret, SIGNING_SECRET_RULE } from "../../domain/signing-secret.ts";
import { askHidden } from "../ask-hidden.ts";
import { type LoadClientOptions, openServer } from "../client/client.ts";
import { forwardEvents, readTarget } from "../client/forward-events.ts";
import { printJson } from "../client/output.ts";
import { readEventTypes } from "../client/read-option.ts";
import { CommandError, UsageError } from "../command-error.ts";
import { print } from "../print.ts";
import { printable } from "../printable.ts";
import { type ReceivedRequest, startReceiver } from "../receiver.ts";
import { untilStopped } from "../until-stopped.ts";

const DEFAULT_PORT = "4015";

const HELP = `
With --forward-to, calls the server of OPENSEND_URL with OPENSEND_API_KEY and
posts each event to your app, signed like a delivery. The server need not reach
this machine, and nothing is created on it. Stops on Ctrl-C.

The signing secret is read from OPENSEND_SIGNING_SECRET, or asked for with
--ask-secret. Without one, the receiver checks no signature, and --forward-to
signs with a new secret, which is shown.`;

type ListenOptions = {
  readonly port: string;
  readonly askSecret?: true;
  readonly forwardTo?: string;
  readonly eventTypes: string;
  readonly json?: true;
};

export function addListen(program: Command, load: LoadClientOptions): void {
  program
    .command("listen")
    .description(
      "Run a local receiver that prints each request and verifies its signature, or forward the events of a server to your app.",
    )
    .option("--port <port>", "port on 127.0.0.1, 0 for a free one", DEFAULT_PORT)
    .option("--ask-secret", "ask for the signing secret")
    .option("--forward-to <url>", "forward events to an app, such as http://localhost:3000/hook")
    .option("--event-types <types>", "with --forward-to: which events, separated by commas", "*")
    .option("--json", "print JSON, one object per line")
    .addHelpText("after", HELP)
    .action(async (given: ListenOptions) => {
      const secret = await readSecret(given.askSecret === true, load);
      const isJson = given.json === true;
      if (given.forwardTo === undefined) return await receive(readPort(given.port), secret, isJson);
      const eventTypes = readEventTypes("--event-types", given.eventTypes) ?? [];
      const forwarding = { target: readTarget(given.forwardTo), eventTypes, secret, isJson };
      await forwardEvents(openServer(load), forwarding);
    });
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new UsageError("--port must be a whole number from 0 to 65535.");
}

async function receive(port: number, secret: string | null, isJson: boolean): Promise<void> {
  const stopped = untilStopped();
  const lost = Promise.withResolvers<void>();
  const onRequest = (request: ReceivedRequest) => {
    try {
      if (isJson) printJson(request);
      else printRequest(request);
    } catch (error) {
      lost.reject(error);
    }
  };
  const receiver = await startReceiver({ port, secret, onRequest }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
    throw new CommandError(`Port ${port} is taken. Choose another port with --port.`);
  });
  try {
    const notice = `Listening on ${receiver.url}/ — use this as the webhook URL in OpenSend on this machine. Ctrl-C stops.`;
    if (isJson) console.error(notice);
    else print(notice);
    await Promise.race([stopped, lost.promise]);
  } finally {
    await receiver.close();
  }
}

/** @throws {UsageError} for a secret that OpenSend cannot sign with. */
async function readSecret(isAsked: boolean, load: LoadClientOptions): Promise<string | null> {
  const { name } = OPTIONS.signingSecret;
  const secret = isAsked ? await askHidden("Signing secret: ", name) : load().signingSecret;
  if (secret !== null && !isVerifiableSecret(secret)) throw new UsageError(SIGNING_SECRET_RULE);
  return secret === "" ? null : secret;
}

function printRequest(request: ReceivedRequest): void {
  const { verdict } = request;
  const lines = [
    "",
    `${request.method} ${printable(request.path)}`,
    ...Object.entries(request.headers).map(([name, value]) => `${name}: ${printable(value)}`),
    "",
    printable(request.body),
    "",
    verdict.state === "refused" ? `signature refused: ${verdict.reason}` : `signature ${verdict.state}`,
  ];
  print(lines.join("\n"));
}
