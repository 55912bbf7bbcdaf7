import { type ChildProcess, spawn } from "node:child_process";

const START_DEADLINE_MS = 15_000;

export type RunningExample = {
  readonly url: string;
  /** Waits until the example has printed this text. */
  readonly printed: (text: string) => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** Runs an example receiver on a free port, with the signing secret it should verify with and optional arguments. */
const LISTENS = /listening on (\d+)\n/;

/**
 * Runs an example receiver on a free port, with its arguments and the signing secret to verify with. `listens` matches the
 * port in its output.
 */
export async function startExample(
  command: string,
  file: string | readonly string[],
  secret: string,
  environment: Record<string, string> = {},
  listens: RegExp = LISTENS,
): Promise<RunningExample> {
  const { PATH, HOME } = process.env;
  const child = spawn(command, [file].flat(), {
    env: { PATH, HOME, PORT: "0", OPENSEND_SIGNING_SECRET: secret, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const output = new Output(child);
  const port = await output.waitFor(listens);
  return {
    url: `http://127.0.0.1:${port}`,
    printed: async (text) => void (await output.waitFor(new RegExp(`(${text})`))),
    stop: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
    },
  };
}

class Output {
  readonly #child: ChildProcess;
  #text = "";

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.on("data", (chunk: Buffer) => {
      this.#text += chunk.toString("utf8");
    });
  }

  /** The first group of a pattern, once the output matches it. */
  waitFor(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const fail = (reason: string) => reject(new Error(`${reason}: ${pattern}\n${this.#text}`));
      const deadline = setTimeout(() => fail("not printed in time"), START_DEADLINE_MS);
      const check = () => {
        const match = pattern.exec(this.#text)?.[1];
        if (match === undefined) return;
        clearTimeout(deadline);
        this.#child.stdout?.off("data", check);
        resolve(match);
      };
      this.#child.stdout?.on("data", check);
      this.#child.once("exit", () => fail("it ended"));
      check();
    });
  }
}
