import { existsSync, rmSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { ApiError } from "../client/api-error.ts";
import { listPages } from "../client/list-all.ts";
import type { ServerCall } from "../client/server-call.ts";
import { CommandError } from "../command-error.ts";
import type { Config, KeyConfig } from "./read-config.ts";

const CONNECTIONS = "/api/integrations/connections";
const KEYS = "/api/api-keys";
/** More connections or keys than any workspace has. */
const OBJECTS_MAX = 100_000;

/** One value that a step changes. Secrets have neither value. */
export type Change = { readonly field: string; readonly before?: unknown; readonly after?: unknown };

/** One object that differs from the file. */
export type Step = {
  readonly action: "create" | "change" | "disconnect";
  readonly kind: "connection" | "key";
  readonly id: string;
  readonly changes: readonly Change[];
  readonly run: () => Promise<unknown>;
};

type ConnectionView = Readonly<Record<string, unknown>> & { readonly external_id: string | null };
type Preview = { readonly is_new: boolean; readonly changed: readonly string[] };

/**
 * Compares a file with a server and returns the necessary steps, in order. Nothing is changed. The server itself
 * compares the secrets that the call would send.
 *
 * @throws {CommandError} naming the object in the file that the server refuses.
 */
export async function planSteps(server: ServerCall, config: Config, isPruned: boolean): Promise<Step[]> {
  const steps: Step[] = [];
  for (const [id, body] of config.connections) steps.push(...(await planConnection(server, id, body)));
  steps.push(...(await planKeys(server, config.keys)));
  if (isPruned) steps.push(...(await planPruning(server, config.connections)));
  return steps;
}

async function planConnection(
  server: ServerCall,
  id: string,
  body: Readonly<Record<string, unknown>>,
): Promise<Step[]> {
  const path = pathOf(id);
  const { data } = await within(`connections.${id}`, () =>
    server.call<{ data: Preview }>("POST", `${path}/preview`, { body, isRepeatable: true }),
  );
  if (!data.is_new && data.changed.length === 0) return [];
  const run = () => server.call("PUT", path, { body });
  if (data.is_new) {
    const changes = Object.entries(body).map(([field, after]) => describe(field, undefined, after));
    return [{ action: "create", kind: "connection", id, changes, run }];
  }
  const { data: current } = await server.call<{ data: ConnectionView }>("GET", path);
  const changes = data.changed.map((field) => describe(field, current[field], body[field]));
  return [{ action: "change", kind: "connection", id, changes, run }];
}

const SECRETS = new Set(["webhook_url", "signing_secret", "headers"]);

function describe(field: string, before: unknown, after: unknown): Change {
  return SECRETS.has(field) ? { field } : { field, before, after };
}

/** Connections with an external id that is not in the file. Connections created by hand have none, and stay. */
async function planPruning(server: ServerCall, named: Config["connections"]): Promise<Step[]> {
  const steps: Step[] = [];
  for await (const page of listPages<ConnectionView>(server, CONNECTIONS, {}, OBJECTS_MAX)) {
    for (const { external_id } of page) {
      if (external_id === null || named.has(external_id)) continue;
      const run = () => server.call("DELETE", pathOf(external_id));
      steps.push({ action: "disconnect", kind: "connection", id: external_id, changes: [], run });
    }
  }
  return steps;
}

function pathOf(externalId: string): string {
  return `${CONNECTIONS}/by-external-id/${encodeURIComponent(externalId)}`;
}

type KeyView = {
  readonly name: string;
  readonly access: string;
  readonly event_types: readonly string[] | null;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
};

async function planKeys(server: ServerCall, keys: readonly KeyConfig[]): Promise<Step[]> {
  if (keys.length === 0) return [];
  const known: KeyView[] = [];
  for await (const page of listPages<KeyView>(server, KEYS, {}, OBJECTS_MAX)) known.push(...page);
  const active = Map.groupBy(known.filter(isActive), ({ name }) => name);
  return keys.flatMap((key) => planKey(server, key, active.get(key.name) ?? []));
}

function isActive({ revoked_at, expires_at }: KeyView): boolean {
  return revoked_at === null && (expires_at === null || Date.parse(expires_at) > Date.now());
}

/** A key's permissions cannot be changed, so that a key in use never gains access. */
function planKey(server: ServerCall, key: KeyConfig, active: readonly KeyView[]): Step[] {
  const { name, access, eventTypes, file } = key;
  const isSame = (other: KeyView) =>
    other.access === access && isDeepStrictEqual(other.event_types, eventTypes);
  if (active.some(isSame)) return [];
  if (active.length > 0) {
    throw new CommandError(
      `keys.${name}: the key with this name may do something else, and keys cannot be changed. Revoke it, or choose another name.`,
    );
  }
  if (existsSync(file)) {
    throw new CommandError(`keys.${name}.file: ${file} exists already. Remove it, or choose another file.`);
  }
  const changes = [
    { field: "access", after: access },
    ...(eventTypes === null ? [] : [{ field: "event_types", after: eventTypes }]),
    { field: "file", after: file },
  ];
  return [{ action: "create", kind: "key", id: name, changes, run: () => createKey(server, key) }];
}

/** The key is shown only once, so its file is created first. */
async function createKey(server: ServerCall, { name, access, eventTypes, file }: KeyConfig): Promise<void> {
  try {
    writeFileSync(file, "", { flag: "wx", mode: 0o600 });
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    throw new CommandError(`keys.${name}.file: ${file} cannot be written (${code}). No key was created.`);
  }
  const body = { name, access, ...(eventTypes === null ? {} : { event_types: eventTypes }) };
  try {
    const call = server.call<{ data: { readonly id: string }; key: string }>("POST", KEYS, { body });
    const { data, key } = await call;
    await keepKey(server, data.id, file, key);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
}

async function keepKey(server: ServerCall, id: string, file: string, key: string): Promise<void> {
  try {
    writeFileSync(file, `${key}\n`, { flush: true });
  } catch (error) {
    await server.call("DELETE", `${KEYS}/${id}`);
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    throw new CommandError(`${file} cannot be written (${code}). The key was not kept, so it was revoked.`);
  }
}

/** Adds to an error the place of the refused object in the file. */
async function within<Result>(place: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new CommandError(`${place}: ${error.message}`, { cause: error });
  }
}
