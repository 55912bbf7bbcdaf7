import type { Command } from "commander";
import type { ClientOptions } from "../../config/load.ts";
import { VERSION } from "../../version.ts";
import { UsageError } from "../command-error.ts";
import { ServerCall } from "./server-call.ts";

/** Reads the options of a command that calls a server, once the command line has been parsed. @throws {ConfigurationError} */
export type LoadClientOptions = () => ClientOptions;

/** Adds commands to the program or to a command group. */
export type AddCommands = (program: Command, load: LoadClientOptions) => void;

/** @throws {UsageError} without a key; {ConfigurationError} */
export function openServer(load: LoadClientOptions): ServerCall {
  const { serverUrl, apiKey } = load();
  if (apiKey === null) {
    throw new UsageError(
      "This command calls a server and needs an API key: set OPENSEND_API_KEY, or OPENSEND_API_KEY_FILE to a file that has it. Create one with `opensend api-keys create`, or in the dashboard under API keys. OPENSEND_URL names the server.",
    );
  }
  return new ServerCall({ url: serverUrl, key: apiKey, version: VERSION });
}
