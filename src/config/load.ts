import { isIPv4 } from "node:net";
import { OPTIONS, type OptionKey, type Options } from "./options.ts";
import { OptionError } from "./parse-option.ts";

/** Every value that is wrong, told at once. The messages name variables, never their values. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}

/**
 * Reads every option from the environment. An empty value counts as not set.
 *
 * @throws {ConfigurationError} naming every variable that is wrong and what it takes.
 */
export function loadOptions(environment: Readonly<Record<string, string | undefined>>): Options {
  const problems: string[] = [];
  const read = (key: OptionKey) => {
    const option = OPTIONS[key];
    const text = environment[option.name];
    if (text === undefined || text.trim() === "") return option.fallback;
    try {
      return option.parse(text);
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      problems.push(`${option.name} ${error.message}.`);
      return option.fallback;
    }
  };
  const keys = Object.keys(OPTIONS) as OptionKey[];
  const options = Object.fromEntries(keys.map((key) => [key, read(key)])) as unknown as Options;
  problems.push(...findContradictions(options));
  if (problems.length > 0) throw new ConfigurationError(problems);
  return options;
}

/** What each value allows and both together do not. */
function findContradictions(options: Options): string[] {
  const { payloadRetentionDays, statusRetentionDays, databaseUrl, databaseListenUrl } = options;
  const problems: string[] = [];
  const keepsStatusesForEver = statusRetentionDays === 0;
  const keepsPayloadsForEver = payloadRetentionDays === 0;
  if (!keepsStatusesForEver && (keepsPayloadsForEver || statusRetentionDays < payloadRetentionDays)) {
    problems.push(
      "OPENSEND_STATUS_RETENTION_DAYS must not be shorter than OPENSEND_PAYLOAD_RETENTION_DAYS; 0 is for ever.",
    );
  }
  if (databaseUrl === null && databaseListenUrl !== null) {
    problems.push("OPENSEND_DATABASE_LISTEN_URL must be left out where DATABASE_URL is not set.");
  }
  return problems;
}

/** Reads the options from this process's environment. */
export function loadProcessOptions(): Options {
  return loadOptions(process.env);
}

/** The file of certificate authorities that Node read when this process started; null when none was named. */
export function extraAuthoritiesFile(): string | null {
  return process.env["NODE_EXTRA_CA_CERTS"] || null;
}

/** Which options are set, with credentials masked: what the log shows at start. */
export function summarizeOptions(options: Options): Record<string, string> {
  const keys = Object.keys(OPTIONS) as OptionKey[];
  return Object.fromEntries(
    keys.map((key) => {
      const value = options[key];
      if (OPTIONS[key].secret) return [OPTIONS[key].name, value === null ? "not set" : "set"];
      return [OPTIONS[key].name, Array.isArray(value) ? value.join(",") : String(value ?? "not set")];
    }),
  );
}

/** Whether an address to listen on can only be reached from this machine. */
export function isLoopbackHost(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

/**
 * Whether webhook URLs may point to this machine: while only people on it can reach the server, that gives them nothing
 * they do not have. A reverse proxy in front makes a loopback listener public. Through an outbound proxy, loopback is the
 * proxy's own machine.
 */
export function allowsLoopback(
  options: Pick<Options, "host" | "publicUrl" | "trustedProxies" | "outboundProxy">,
): boolean {
  const { host, publicUrl, trustedProxies, outboundProxy } = options;
  if (outboundProxy !== null) return false;
  const publicHost = publicUrl === null ? host : new URL(publicUrl).hostname.replace(/^\[|\]$/g, "");
  return isLoopbackHost(host) && isLoopbackHost(publicHost) && trustedProxies.length === 0;
}
