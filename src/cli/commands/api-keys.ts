import { type Command, Option } from "commander";
import { type ApiKey, createApiKey, listApiKeys, revokeApiKey } from "../../auth/api-keys.ts";
import type { Database } from "../../db/open.ts";
import type { Access } from "../../db/schema.ts";
import type { Actor } from "../../domain/actor.ts";
import { EVENT_TYPE_PATTERN } from "../../domain/event-type-pattern.ts";
import { isUuid } from "../../domain/id.ts";
import { presentApiKey } from "../../http/schemas/api-key.ts";
import { JSON_OPTION, printJson } from "../client/output.ts";
import { CommandError, UsageError } from "../command-error.ts";
import { type LoadOptions, withApp } from "../open-app.ts";
import { LostOutputError, print } from "../print.ts";
import { readName } from "../read-name.ts";

const PAGE_ROWS = 1000;

type CreateOptions = {
  readonly name: string;
  readonly access: Access;
  readonly eventTypes?: string;
  readonly replaces?: string;
};

export function addApiKeys(program: Command, loadOptions: LoadOptions): void {
  const keys = program.command("api-keys").description("API keys of the workspace.");
  keys
    .command("create")
    .description("Create an API key. The key is printed once, alone on the last line.")
    .requiredOption("--name <name>", "what the key is for")
    .addOption(
      new Option("--access <access>", "what the key may do")
        .choices(["full_access", "sending_access", "connections"])
        .makeOptionMandatory(),
    )
    .option(
      "--event-types <types>",
      "limit the key to these types and patterns, such as order.*,user.created; not with full_access",
    )
    .option("--replaces <id>", "a key with access to connections, whose connections the new key manages too")
    .action((options: CreateOptions) => create(loadOptions, options));
  keys
    .command("list")
    .description("List API keys (never the key itself).")
    .option(...JSON_OPTION)
    .action(async ({ json }: { json?: true }) => {
      await withApp(loadOptions, async ({ context }) => {
        const { workspaceId } = await cliActor(context.store.db);
        const now = Date.now();
        const keys = await listAll(context.store.db, workspaceId);
        if (json === true) {
          for (const key of keys) printJson({ ...presentApiKey(key), state: stateOf(key, now) });
          return;
        }
        const lines = keys.map((key) =>
          [key.id, `${key.prefix}…${key.lastFour}`, key.access, stateOf(key, now), key.name].join("\t"),
        );
        if (lines.length > 0) print(lines.join("\n"));
      });
    });
  keys
    .command("revoke")
    .description("Revoke an API key. Takes effect immediately.")
    .argument("<id>", "id from `api-keys list`")
    .action(async (id: string) => {
      if (!isUuid(id)) throw noUuid();
      await withApp(loadOptions, async ({ context }) => {
        await revokeApiKey(context.services.access.apiKeys, await cliActor(context.store.db), id);
        print(`revoked API key ${id}`);
      });
    });
}

async function create(loadOptions: LoadOptions, { name, access, ...options }: CreateOptions): Promise<void> {
  const keyName = readName(name);
  const eventTypes = readEventTypes(options.eventTypes, access);
  const { replaces = null } = options;
  if (replaces !== null && !isUuid(replaces)) throw noUuid();
  await withApp(loadOptions, async ({ context }) => {
    const { apiKeys } = context.services.access;
    const actor = await cliActor(context.store.db);
    const input = { name: keyName, access, expiresAt: null, eventTypes, replaces };
    const created = await createApiKey(apiKeys, actor, input);
    console.error(`created API key ${created.apiKey.id} with ${access}`);
    try {
      print(created.key);
    } catch (error) {
      if (!(error instanceof LostOutputError)) throw error;
      await revokeApiKey(apiKeys, actor, created.apiKey.id);
      throw new CommandError(`${error.message} The key was not delivered, so it was revoked.`);
    }
  });
}

function noUuid(): UsageError {
  return new UsageError("The id is not a UUID. `opensend api-keys list` shows the ids.");
}

/** @throws {UsageError} for types that a key cannot be limited to. */
function readEventTypes(text: string | undefined, access: Access): readonly string[] | null {
  if (text === undefined) return null;
  if (access === "full_access") throw new UsageError("--event-types does not go with --access full_access.");
  const types = [...new Set(text.split(",").map((type) => type.trim()))];
  const wrong = types.find((type) => type === "*" || !EVENT_TYPE_PATTERN.test(type));
  if (wrong === undefined) return types;
  throw new UsageError(
    `--event-types: "${wrong}" is not an event type such as order.paid, or a pattern such as order.*. For all types, leave the option out.`,
  );
}

async function listAll(db: Database, workspaceId: string): Promise<ApiKey[]> {
  const found: ApiKey[] = [];
  for (;;) {
    const after = found.at(-1) ?? null;
    const { rows, hasMore } = await listApiKeys(db, workspaceId, { limit: PAGE_ROWS, after });
    found.push(...rows);
    if (!hasMore) return found;
  }
}

function stateOf({ revokedAt, expiresAt }: ApiKey, now: number): "active" | "expired" | "revoked" {
  if (revokedAt !== null) return "revoked";
  return expiresAt !== null && expiresAt <= now ? "expired" : "active";
}

/** The command line acts in the instance's first workspace. */
async function cliActor(db: Database): Promise<Actor> {
  const workspace = await db.selectFrom("workspaces").select("id").orderBy("id").executeTakeFirst();
  if (workspace === undefined) {
    throw new CommandError(
      "There is no workspace yet. Create the first account with `opensend users create` or at /setup.",
    );
  }
  return { kind: "cli", id: null, name: "Command line", workspaceId: workspace.id, address: null };
}
