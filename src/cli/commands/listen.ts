import type { Command } from "commander";
import { print } from "../print.ts";
import { printable } from "../printable.ts";
import { type ReceivedRequest, startReceiver } from "../receiver.ts";
import { CommandError, UsageError } from "../report-failure.ts";
import { untilStopped } from "../until-stopped.ts";

const DEFAULT_PORT = "4015";

export function addListen(program: Command): void {
  program
    .command("listen")
    .description("Run a local receiver that prints each request and whether its signature holds.")
    .option("--port <port>", "port on 127.0.0.1, 0 for a free one", DEFAULT_PORT)
    .option("--secret <secret>", "signing secret to verify with; without it nothing is checked")
    .action(async (given: { port: string; secret?: string }) => {
      const port = Number(given.port);
      if (!/^\d{1,5}$/.test(given.port) || port > 65_535) {
        throw new UsageError("--port must be a whole number from 0 to 65535.");
      }
      const stopped = untilStopped();
      const lost = Promise.withResolvers<void>();
      const onRequest = (request: ReceivedRequest) => {
        try {
          printRequest(request);
        } catch (error) {
          lost.reject(error);
        }
      };
      const receiver = await startReceiver({ port, secret: given.secret ?? null, onRequest }).catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code !== "EADDRINUSE") throw error;
          throw new CommandError(`Port ${port} is taken. Choose another one with --port.`);
        },
      );
      try {
        print(
          `Listening on ${receiver.url}/ — use it as a webhook URL of an OpenSend on this machine. Ctrl-C stops.`,
        );
        await Promise.race([stopped, lost.promise]);
      } finally {
        await receiver.close();
      }
    });
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
