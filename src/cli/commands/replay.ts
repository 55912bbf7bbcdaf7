import { randomUUID } from "node:crypto";
import { type Command, Option } from "commander";
import { type LoadClientOptions, openServer } from "../client/client.ts";
import { confirm } from "../client/confirm.ts";
import {
  addDeliveryFilter,
  type DeliveryFilterOptions,
  readDeliveryFilter,
} from "../client/delivery-filter.ts";
import { JSON_OPTION, paint, printJson, row } from "../client/output.ts";
import { type Replay, untilEnded } from "../client/replay.ts";
import type { ServerCall } from "../client/server-call.ts";
import { CommandError, UsageError } from "../command-error.ts";
import { print } from "../print.ts";

const PATH = "/api/deliveries/replay";
const RATE_MAX = 100;

type ReplayOptions = DeliveryFilterOptions & {
  readonly status: string;
  readonly rate: string;
  readonly whenRecovered?: true;
  readonly healthyOnly?: true;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly wait?: true;
  readonly json?: true;
};

type Preview = {
  readonly count: number;
  readonly count_is_exact: boolean;
  readonly failing_count: number;
  readonly causes: readonly {
    readonly connection_name: string;
    readonly error_code: string | null;
    readonly response_status: number | null;
    readonly count: number;
  }[];
};

const HELP = `
Counts first and asks, unless --yes is given. --dry-run only counts.
--wait waits until the replay has ended, and exits with 1 if it was stopped.`;

export function addReplay(program: Command, load: LoadClientOptions): void {
  const command = program
    .command("replay")
    .description("Send deliveries that have ended again, chosen by filters.")
    .addOption(
      new Option("--status <status>", "which deliveries")
        .choices(["failed", "delivered", "cancelled"])
        .default("failed"),
    );
  addDeliveryFilter(command)
    .option("--rate <count>", "deliveries per second, up to 100", "10")
    .option("--when-recovered", "wait for failing receivers to recover")
    .option("--healthy-only", "leave out connections that fail or are paused")
    .option("--dry-run", "only count")
    .option("--yes", "do not ask")
    .option("--wait", "wait until the replay has ended")
    .option(...JSON_OPTION)
    .addHelpText("after", HELP)
    .action(async (given: ReplayOptions) => {
      const server = openServer(load);
      const body = composeBody(given);
      const isCounted = given.dryRun === true || given.yes !== true;
      if (isCounted && !(await preview(server, body, given))) return;
      const { data } = await server.call<{ data: Replay }>("POST", PATH, {
        body,
        idempotencyKey: randomUUID(),
      });
      const replay = given.wait === true ? await untilEnded(server, data) : data;
      if (given.json === true) printJson(replay);
      else print(describeReplay(replay));
      if (replay.status !== "stopped") return;
      throw new CommandError(
        "The replay was stopped, by someone or because a receiver failed five times in a row. See `opensend connections list --state failing`.",
      );
    });
}

function composeBody({ status, rate, whenRecovered, healthyOnly, ...given }: ReplayOptions) {
  const perSecond = Number(rate);
  if (!/^\d{1,3}$/.test(rate) || perSecond < 1 || perSecond > RATE_MAX) {
    throw new UsageError(`--rate must be a whole number from 1 to ${RATE_MAX}.`);
  }
  return {
    filter: { status: [status], ...readDeliveryFilter(given) },
    rate_per_second: perSecond,
    when: whenRecovered === true ? "receiver_recovers" : "now",
    healthy_only: healthyOnly === true,
  };
}

/** Shows what would be sent again. Returns whether to continue. */
async function preview(server: ServerCall, body: object, given: ReplayOptions): Promise<boolean> {
  const { data } = await server.call<{ data: Preview }>("POST", PATH, {
    body: { ...body, dry_run: true },
    isRepeatable: true,
  });
  if (given.dryRun === true && given.json === true) printJson(data);
  else {
    const write = given.dryRun === true ? print : console.error;
    write(describePreview(data));
  }
  if (given.dryRun === true || data.count === 0) return false;
  return confirm("Send them again?");
}

function describePreview({ count, count_is_exact, failing_count, causes }: Preview): string {
  const lines = [
    `deliveries that match: ${count_is_exact ? "" : "more than "}${count}`,
    ...causes.map((cause) =>
      row([
        `  ${cause.count}`,
        cause.connection_name,
        cause.error_code ?? cause.response_status ?? "no failure",
      ]),
    ),
  ];
  if (failing_count > 0) lines.push(`of them to receivers that fail or are paused: ${failing_count}`);
  return lines.join("\n");
}

function describeReplay({ id, status, total, delivered, failed, skipped }: Replay): string {
  return `replay ${id} is ${paint(status)}: ${total} deliveries, ${delivered} delivered, ${failed} failed attempts, ${skipped} skipped`;
}
