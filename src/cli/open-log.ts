import { isatty } from "node:tty";
import type { LogFormat } from "../config/parse-option.ts";
import { gatherLines } from "./gather-lines.ts";
import { LostOutputError, STANDARD_OUTPUT, writeText } from "./print.ts";

type Log = {
  readonly write: (line: string) => unknown;
  /** Writes the lines gathered so far. */
  readonly flush: () => void;
};

/**
 * The log on standard output, as JSON or as lines for people, which are the default on terminals unless `format` says
 * otherwise. A log that cannot be written stops no delivery; standard error reports that once.
 */
export async function openLog(format: LogFormat | null): Promise<Log> {
  const isPretty = (format ?? (isatty(STANDARD_OUTPUT) ? "pretty" : "json")) === "pretty";
  const render = isPretty ? await loadRenderer() : (line: string) => line;
  let isLost = false;
  const log = gatherLines({
    write: (text) => {
      try {
        writeText(text);
        isLost = false;
      } catch (error) {
        if (!(error instanceof LostOutputError)) throw error;
        if (!isLost) console.error(`OpenSend continues without logging. ${error.message}`);
        isLost = true;
      }
    },
  });
  return { write: (line) => log.write(render(line)), flush: log.flush };
}

/** Loaded on terminals only, so that a service starts without it. */
async function loadRenderer(): Promise<(line: string) => string> {
  const { prettyFactory } = await import("pino-pretty");
  // The logged options fill a page; the JSON format includes them.
  return prettyFactory({ translateTime: "SYS:HH:MM:ss", ignore: "options", singleLine: true });
}
