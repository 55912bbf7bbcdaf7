import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

export type Settings = {
  readonly url: string;
  readonly apiKey: string;
  readonly timeoutMs?: number;
  readonly maxRetries?: number;
};

/** An error in the form in which every driver reports it. */
export type Failure = {
  readonly name: string;
  readonly message: string;
  readonly code: string | null;
  readonly status: number | null;
  readonly retry_after: number | null;
  readonly request_id: string | null;
  readonly errors: readonly { readonly path: string; readonly message: string }[];
  readonly accepted: readonly unknown[];
  readonly remaining: readonly unknown[];
  readonly cause: Failure | null;
};

// biome-ignore lint/suspicious/noExplicitAny: tests read results of every shape and assert what they find.
type Result = any;
type Reply = { readonly id: number; readonly result?: Result; readonly error?: Failure };

/** A client in a process of its own runtime, which makes the calls it is sent and prints their results. */
export class Driver {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #count = 0;

  constructor([program = "", ...args]: readonly string[], options: { readonly cwd: string }) {
    this.#child = spawn(program, args, { ...options, stdio: ["pipe", "pipe", "inherit"] });
    if (this.#child.stdout === null) throw new Error("The driver has no output.");
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      const reply = JSON.parse(line) as Reply;
      this.#waiting.get(reply.id)?.(reply);
      this.#waiting.delete(reply.id);
    });
    this.#child.once("close", (status) => {
      for (const [id, resolve] of this.#waiting) resolve({ id, error: ended(status) });
    });
  }

  /** The result of a call that must succeed. */
  async call(settings: Settings, method: string, ...args: readonly unknown[]): Promise<Result> {
    const { result, error } = await this.#ask(settings, method, args);
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
  }

  /** The error of a call that must fail. */
  async failure(settings: Settings, method: string, ...args: readonly unknown[]): Promise<Failure> {
    const { result, error } = await this.#ask(settings, method, args);
    if (error === undefined) throw new Error(`${method} succeeded: ${JSON.stringify(result)}`);
    return error;
  }

  close(): void {
    this.#child.stdin?.end();
    this.#child.kill();
  }

  #ask(settings: Settings, method: string, args: readonly unknown[]): Promise<Reply> {
    const id = ++this.#count;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#child.stdin?.write(`${JSON.stringify({ id, settings, method, args })}\n`);
    });
  }
}

function ended(status: number | null): Failure {
  const none = { code: null, status: null, retry_after: null, request_id: null, cause: null };
  const message = `The driver ended with code ${status}.`;
  return { name: "Ended", message, errors: [], accepted: [], remaining: [], ...none };
}
