import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** The clock of every server started with its environment. */
export type SteppedClock = {
  readonly environment: Record<string, string>;
  readonly step: (byMs: number) => void;
};

export function createClock(folder: string): SteppedClock {
  const path = join(folder, "clock-offset");
  let offsetMs = 0;
  const write = () => {
    // Renamed into place, so that no server reads a half-written number.
    writeFileSync(`${path}.new`, String(offsetMs));
    renameSync(`${path}.new`, path);
  };
  write();
  const preload = pathToFileURL(join(import.meta.dirname, "clock-preload.ts")).href;
  return {
    environment: {
      CHAOS_CLOCK_FILE: path,
      NODE_OPTIONS: `--disable-warning=ExperimentalWarning --import=${preload}`,
    },
    step: (byMs) => {
      offsetMs += byMs;
      write();
    },
  };
}
