import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import type * as Client from "../../../clients/typescript/src/index.ts";

/**
 * Reads calls as lines of JSON, makes them with the TypeScript client, and prints the result of each.
 *
 *   node typescript.ts <path of the client's module>
 */
type Request = {
  readonly settings: Client.OpenSendOptions;
  readonly method: string;
  readonly args: readonly unknown[];
};
type VerifyRequest = Client.VerifyInput & { readonly secrets: readonly string[] };
type Method = (...args: readonly unknown[]) => Promise<unknown> | AsyncIterable<unknown>;

const path = process.argv[2] ?? "";
// Loads each module format as its users do.
const client = (
  path.includes("/cjs/") ? createRequire(import.meta.url)(path) : await import(pathToFileURL(path).href)
) as typeof Client;

for await (const line of createInterface({ input: process.stdin })) {
  const { id, ...request } = JSON.parse(line) as Request & { readonly id: number };
  run(request).then(
    (result) => print({ id, result: result ?? null }),
    (error: unknown) => print({ id, error: describe(error as Error) }),
  );
}

async function run({ settings, method, args }: Request): Promise<unknown> {
  if (method === "verify") {
    const { secrets, ...request } = args[0] as VerifyRequest;
    return client.verify({ ...request, secret: secrets });
  }
  const api = new client.OpenSend(settings);
  const [name = "", group] = method.split(".").reverse();
  const target = group === undefined ? api : Reflect.get(api, group);
  const result = (Reflect.get(target, name) as Method).apply(target, [...args]);
  if (name !== "all") return result;
  const items = [];
  for await (const item of result as AsyncIterable<unknown>) items.push(item);
  return items;
}

function describe(error: Error): object {
  const api = error instanceof client.ApiError ? error : null;
  const batch = error instanceof client.BatchError ? error : null;
  const signature = error instanceof client.SignatureError ? error : null;
  return {
    name: error.name,
    message: error.message,
    code: api?.code ?? signature?.code ?? null,
    status: api?.status ?? null,
    retry_after: api?.retryAfter ?? null,
    request_id: api?.requestId ?? null,
    errors: api?.errors ?? [],
    accepted: batch?.accepted ?? [],
    remaining: batch?.remaining ?? [],
    cause: batch === null ? null : describe(batch.cause),
  };
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
