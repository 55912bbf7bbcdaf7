import { findLineFault } from "../../../src/domain/line-fault.ts";
import { z } from "./schema.ts";

/** Validates a single line of text for others to read, such as a name, by the server's rules. */
export function lineChecks(lengthMax: number) {
  return [
    z.trim(),
    z.maxLength(lengthMax, `Use at most ${lengthMax} characters.`),
    z.check<string>(({ value, issues }) => {
      const message = findLineFault(value);
      if (message !== null) issues.push({ code: "custom", message, input: value });
    }),
  ] as const;
}
