import { isIPv4 } from "node:net";
import { cwd } from "node:process";
import { cleanValue } from "./clean-value.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { type Environment, readEnvironment } from "./env-file.ts";
import type { Option } from "./option.ts";
import { OptionError } from "./option-error.ts";
import { OPTIONS, type OptionKey, type Options } from "./options.ts";
import { readSecretFile } from "./read-text-file.ts";

/**
 * Reads every option from the environment. An empty value counts as not set. A secret can be in a file instead, whose
 * path is in `<name>_FILE`.
 *
 * @throws {ConfigurationError} naming every invalid variable and what it accepts.
 */
export function loadOptions(environment: Environment): Options {
  const problems: string[] = [];
  const options = readOptions(Object.keys(OPTIONS) as OptionKey[], environment, problems);
  problems.push(...findContradictions(options));
  if (problems.length > 0) throw new ConfigurationError(problems);
  return options;
}

/** Options of commands that call a server. */
const CLIENT_KEYS = ["serverUrl", "apiKey", "webhookUrl", "signingSecret"] as const;
export type ClientOptions = Pick<Options, (typeof CLIENT_KEYS)[number]>;

/**
 * Reads the options of a command that calls a server. The server's own options are ignored: they can be invalid here.
 *
 * @throws {ConfigurationError}
 */
export function loadClientOptions(environment: Environment): ClientOptions {
  const problems: string[] = [];
  const options = readOptions(CLIENT_KEYS, environment, problems);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return options;
}

/** The values of these options; adds their faults to `problems`. */
function readOptions<Key extends OptionKey>(
  keys: readonly Key[],
  environment: Environment,
  problems: string[],
): Pick<Options, Key> {
  const read = (key: Key) => {
    const option: Option<unknown> = OPTIONS[key];
    const attempt = (name: string, work: () => unknown) => {
      try {
        return work();
      } catch (error) {
        if (!(error instanceof OptionError)) throw error;
        problems.push(`${name} ${error.message}.`);
        return option.fallback;
      }
    };
    const parse = (text: string) => {
      const value = cleanValue(text, option.isList);
      return value.trim() === "" ? option.fallback : option.parse(value);
    };
    const text = environment[option.name] ?? "";
    const fileName = `${option.name}_FILE`;
    const path = option.secret ? (environment[fileName] ?? "").trim() : "";
    if (path === "") return attempt(option.name, () => parse(text));
    return attempt(fileName, () => {
      if (text.trim() !== "") throw new OptionError(`must be left out where ${option.name} is set`);
      const content = readSecretFile(cleanValue(path));
      return attempt(option.name, () => parse(content));
    });
  };
  return Object.fromEntries(keys.map((key) => [key, read(key)])) as unknown as Pick<Options, Key>;
}

/** Combinations of values that are valid alone but not together. */
function findContradictions(options: Options): string[] {
  const { payloadRetentionDays, statusRetentionDays, databaseUrl, databaseListenUrl, smtp, mailFrom } =
    options;
  const problems: string[] = [];
  const keepsStatusesForever = statusRetentionDays === 0;
  const keepsPayloadsForever = payloadRetentionDays === 0;
  if (!keepsStatusesForever && (keepsPayloadsForever || statusRetentionDays < payloadRetentionDays)) {
    problems.push(
      "OPENSEND_STATUS_RETENTION_DAYS must not be shorter than OPENSEND_PAYLOAD_RETENTION_DAYS; 0 is for ever.",
    );
  }
  if (databaseUrl === null && databaseListenUrl !== null) {
    problems.push("OPENSEND_DATABASE_LISTEN_URL must be left out where DATABASE_URL is not set.");
  }
  if (smtp !== null && mailFrom === null) {
    problems.push("OPENSEND_MAIL_FROM must be set where OPENSEND_SMTP_URL is: mail needs a sender.");
  }
  return problems;
}

/**
 * Reads the options from this process's environment and from an environment file: the named one, otherwise `.env` in
 * the working folder outside production.
 *
 * @throws {ConfigurationError}
 */
export function loadProcessOptions(envFile?: string): Options {
  return loadOptions(readProcessEnvironment(envFile));
}

/** The variables of this process and its environment file. @throws {ConfigurationError} */
export function readProcessEnvironment(envFile?: string): Environment {
  return readEnvironment(process.env, { envFile, folder: cwd() });
}

/** The file of certificate authorities that Node read when this process started; null when none was named. */
export function extraAuthoritiesFile(): string | null {
  return process.env["NODE_EXTRA_CA_CERTS"] || null;
}

/** The options as the log shows them at startup, with credentials masked. */
export function summarizeOptions(options: Options): Record<string, string> {
  const keys = Object.keys(OPTIONS) as OptionKey[];
  return Object.fromEntries(
    keys.map((key) => {
      const option: Option<unknown> = OPTIONS[key];
      return [option.name, showValue(option, options[key])];
    }),
  );
}

function showValue(option: Option<unknown>, value: unknown): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) return "not set";
  if (option.secret) return "set";
  return option.show?.(value) ?? (Array.isArray(value) ? value.join(",") : String(value));
}

/** Whether a listen address can be reached only from this machine. */
export function isLoopbackHost(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

/**
 * Whether webhook URLs can point to this machine: while only people on it can reach the server, this gives them no new
 * access. A reverse proxy in front makes a loopback listener public. Through an outbound proxy, loopback is the proxy's
 * own machine.
 */
export function allowsLoopback(
  options: Pick<Options, "host" | "publicUrl" | "trustedProxies" | "outboundProxy">,
): boolean {
  const { host, publicUrl, trustedProxies, outboundProxy } = options;
  if (outboundProxy !== null) return false;
  const publicHost = publicUrl === null ? host : new URL(publicUrl).hostname.replace(/^\[|\]$/g, "");
  return isLoopbackHost(host) && isLoopbackHost(publicHost) && trustedProxies.length === 0;
}
