import type { Command } from "commander";
import { OPTIONS } from "../../config/options.ts";
import { isVerifiableSecret, SIGNING_SECRET_RULE } from "../../domain/signing-secret.ts";
import { askHidden } from "../ask-hidden.ts";
import type { LoadOptions } from "../open-app.ts";
import { print } from "../print.ts";
import { printable } from "../printable.ts";
import { type ReceivedRequest, startReceiver } from "../receiver.ts";
import { CommandError, UsageError } from "../report-failure.ts";
import { untilStopped } from "../until-stopped.ts";

const DEFAULT_PORT = "4015";

export function addListen(program: Command, loadOptions: LoadOptions): void {
  program
    .command("listen")
    .description("Run a local receiver that prints each request and verifies its signature.")
    .option("--port <port>", "port on 127.0.0.1, 0 for a free one", DEFAULT_PORT)
    .option("--ask-secret", "ask for the signing secret to verify with")
    .addHelpText(
      "after",
      "\nThe signing secret is read from OPENSEND_SIGNING_SECRET, or asked for with\n--ask-secret. Without one, no signature is checked.",
    )
    .action(async (given: { port: string; askSecret?: true }) => {
      const port = Number(given.port);
      if (!/^\d{1,5}$/.test(given.port) || port > 65_535) {
        throw new UsageError("--port must be a whole number from 0 to 65535.");
      }
      const secret = await readSecret(given.askSecret === true, loadOptions);
      const stopped = untilStopped();
      const lost = Promise.withResolvers<void>();
      const onRequest = (request: ReceivedRequest) => {
        try {
          printRequest(request);
        } catch (error) {
          lost.reject(error);
        }
      };
      const receiver = await startReceiver({ port, secret, onRequest }).catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code !== "EADDRINUSE") throw error;
          throw new CommandError(`Port ${port} is taken. Choose another port with --port.`);
        },
      );
      try {
        print(
          `Listening on ${receiver.url}/ — use this as the webhook URL in OpenSend on this machine. Ctrl-C stops.`,
        );
        await Promise.race([stopped, lost.promise]);
      } finally {
        await receiver.close();
      }
    });
}

/** @throws {UsageError} for a secret that OpenSend does not sign with. */
async function readSecret(isAsked: boolean, loadOptions: LoadOptions): Promise<string | null> {
  const { name } = OPTIONS.signingSecret;
  const secret = isAsked ? await askHidden("Signing secret: ", name) : loadOptions().signingSecret;
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
