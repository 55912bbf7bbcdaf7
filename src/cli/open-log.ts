import { gatherLines } from "./gather-lines.ts";
import { LostOutputError, writeText } from "./print.ts";

/** The log on standard output. One that cannot be written stops no delivery; standard error says so once. */
export function openLog(): { readonly write: (line: string) => unknown } {
  let isLost = false;
  return gatherLines({
    write: (text) => {
      try {
        writeText(text);
        isLost = false;
      } catch (error) {
        if (!(error instanceof LostOutputError)) throw error;
        if (!isLost) console.error(`OpenSend goes on without its log. ${error.message}`);
        isLost = true;
      }
    },
  });
}
