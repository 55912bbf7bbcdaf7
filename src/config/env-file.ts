import { join } from "node:path";
import { isQuoted } from "./clean-value.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { readTextFile, UnreadableFileError } from "./read-text-file.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

const ASSIGNMENT = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)$/;

/**
 * The variables of the named file, and for unset ones those of the process. Without a named file: those of the process,
 * and for unset ones those of `.env` in the working folder unless the process has `NODE_ENV=production`.
 *
 * @throws {ConfigurationError}
 */
export function readEnvironment(
  variables: Environment,
  { envFile, folder }: { readonly envFile: string | undefined; readonly folder: string },
): Environment {
  if (envFile !== undefined) {
    return addUnset(readEnvFile(envFile), variables);
  }
  if (/^\s*["']?production["']?\s*$/.test(variables["NODE_ENV"] ?? "")) return variables;
  return addUnset(variables, readEnvFile(join(folder, ".env"), { mayBeMissing: true }));
}

/** A secret and its `_FILE` count as one variable: if `first` sets either, both of `second` are ignored. */
function addUnset(first: Environment, second: Environment): Environment {
  const isSet = (name: string) => (first[name] ?? "").trim() !== "";
  const secretOf = (name: string) => name.replace(/_FILE$/, "");
  const added = Object.entries(second).filter(
    ([name]) => !isSet(secretOf(name)) && !isSet(`${secretOf(name)}_FILE`),
  );
  return { ...first, ...Object.fromEntries(added) };
}

function readEnvFile(path: string, { mayBeMissing = false } = {}): Environment {
  try {
    return parseEnvFile(readTextFile(path), path);
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    if (mayBeMissing && error.code === "ENOENT") return {};
    throw new ConfigurationError([`The environment file ${path} ${error.message}.`]);
  }
}

/**
 * Reads `NAME=VALUE` lines as systemd does, so that one file works for the service and the commands: the value is the
 * rest of the line, whatever characters are in it, and nothing is expanded. Lines that begin with `#` or `;` are
 * comments.
 *
 * @throws {ConfigurationError} naming file and line of text that programs would read differently.
 */
export function parseEnvFile(text: string, path: string): Environment {
  const problems: string[] = [];
  const found: Record<string, string> = {};
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const trimmed = line.trim();
    if (trimmed === "" || /^[#;]/.test(trimmed)) continue;
    const [, name, value = ""] = ASSIGNMENT.exec(trimmed) ?? [];
    const fault = name === undefined ? "must read NAME=VALUE" : faultOf(value);
    if (fault !== null) problems.push(`${path}, line ${index + 1}, ${fault}.`);
    else if (name !== undefined) found[name] = value;
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return found;
}

function faultOf(value: string): string | null {
  if (!isQuoted(value) && /\s#/.test(value)) {
    return "must not have a comment behind the value: move it to a line of its own, or put the value in quotation marks";
  }
  return value.endsWith("\\") ? "must end without a backslash: a value is one line" : null;
}
