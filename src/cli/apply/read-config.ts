import type { Environment } from "../../config/env-file.ts";
import { OptionError } from "../../config/option-error.ts";
import { readSecretFile } from "../../config/read-text-file.ts";
import { receivesSome } from "../../domain/event-filter.ts";
import { UsageError } from "../command-error.ts";
import { hasReference, type Lookup, substitute } from "./substitute.ts";

/** The desired state that a file describes. */
export type Config = {
  /** Bodies of the API call, by external id. */
  readonly connections: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  readonly keys: readonly KeyConfig[];
  /** Suggestions for improvement. */
  readonly notes: readonly string[];
};

export type KeyConfig = {
  readonly name: string;
  readonly access: string;
  readonly eventTypes: readonly string[] | null;
  /** The file that receives the key when it is created. */
  readonly file: string;
};

const SECRET_FIELDS = ["webhook_url", "signing_secret"] as const;
const KEY_MEMBERS = ["access", "event_types", "file"];

/**
 * Reads a configuration file, replacing `${NAME}` from the environment.
 *
 * @param name The file's name, for messages.
 * @throws {UsageError} naming the place of every fault, never a value.
 */
export async function readConfig(text: string, name: string, environment: Environment): Promise<Config> {
  const problems: string[] = [];
  const raw = await parseYaml(text, name);
  const notes = findPlainSecrets(raw);
  const root = readMap(substitute(raw, lookupIn(environment), problems), "the file", problems);
  for (const key of Object.keys(root)) {
    if (!["event_types", "connections", "keys"].includes(key)) {
      problems.push(`${key}: is not known. A file has connections, keys and event_types.`);
    }
  }
  const connections = new Map(
    Object.entries(readMap(root["connections"], "connections", problems)).map(([id, body]) => [
      id,
      readMap(body, `connections.${id}`, problems),
    ]),
  );
  const keys = Object.entries(readMap(root["keys"], "keys", problems)).map(([key, value]) =>
    readKey(key, value, problems),
  );
  checkTypes(readTypes(root["event_types"], "event_types", problems), connections, problems);
  if (problems.length > 0) {
    throw new UsageError(`${name} is not valid:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
  }
  return { connections, keys, notes };
}

/** The parser's own messages quote the file, which can contain secrets. */
async function parseYaml(text: string, name: string): Promise<unknown> {
  // Loaded only for this command.
  const { LineCounter, parseDocument } = await import("yaml");
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, merge: true });
  const problems = document.errors.map(
    ({ code, pos: [start] }) => `  - line ${lineCounter.linePos(start).line}: ${code}`,
  );
  if (problems.length > 0) throw new UsageError(`${name} is not valid YAML:\n${problems.join("\n")}`);
  try {
    return document.toJS();
  } catch {
    throw new UsageError(
      `${name} is not valid YAML: it has an alias without an anchor, or too many aliases.`,
    );
  }
}

/** Looks up a variable, or else the content of the file named by the variable with the suffix `_FILE`. */
function lookupIn(environment: Environment): Lookup {
  return (name) => {
    const value = environment[name] ?? "";
    if (value !== "") return value;
    const file = environment[`${name}_FILE`] ?? "";
    if (file === "") return null;
    try {
      return readSecretFile(file).trim();
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      throw new UsageError(`${name}_FILE ${error.message}.`);
    }
  };
}

function findPlainSecrets(raw: unknown): string[] {
  const connections = (raw as { connections?: Record<string, unknown> } | null)?.connections ?? {};
  return Object.entries(connections).flatMap(([id, body]) =>
    SECRET_FIELDS.filter((field) => {
      const value = (body as Record<string, unknown> | null)?.[field];
      return typeof value === "string" && !hasReference(value);
    }).map(
      (field) =>
        `connections.${id}.${field} is written in the file. It is a secret: take it from the environment with \${NAME}.`,
    ),
  );
}

function readMap(value: unknown, path: string, problems: string[]): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  if (typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
  problems.push(`${path}: must have members, such as \`name: value\`.`);
  return {};
}

function readTypes(value: unknown, path: string, problems: string[]): readonly string[] | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  problems.push(`${path}: must be a list of event types.`);
  return null;
}

function readKey(name: string, value: unknown, problems: string[]): KeyConfig {
  const path = `keys.${name}`;
  const members = readMap(value, path, problems);
  for (const member of Object.keys(members)) {
    if (!KEY_MEMBERS.includes(member)) {
      problems.push(`${path}.${member}: is not known. A key has ${KEY_MEMBERS.join(", ")}.`);
    }
  }
  const text = (member: string) => {
    const found = members[member];
    if (typeof found === "string" && found !== "") return found;
    problems.push(`${path}.${member}: is missing.`);
    return "";
  };
  const eventTypes = readTypes(members["event_types"], `${path}.event_types`, problems);
  return { name, access: text("access"), eventTypes, file: text("file") };
}

/** If the file lists its event types, a subscription to any other type is a mistake. */
function checkTypes(
  known: readonly string[] | null,
  connections: Config["connections"],
  problems: string[],
): void {
  if (known === null) return;
  for (const [id, { event_types }] of connections) {
    if (!Array.isArray(event_types)) continue;
    for (const type of event_types.filter((one) => typeof one === "string")) {
      if (receivesSome(known, type)) continue;
      problems.push(`connections.${id}.event_types: ${type} matches nothing in event_types.`);
    }
  }
}
