import { fork } from "node:child_process";
import { join } from "node:path";
import type { CallReply, CallRequest } from "./serve-calls.ts";

type Calls = Record<string, (input: never) => unknown>;

/** A separate process of the benchmark, and the calls it handles. */
export type SideProcess<C extends Calls> = {
  readonly pid: number;
  readonly call: <Name extends keyof C & string>(
    name: Name,
    input: Parameters<C[Name]>[0],
  ) => Promise<Awaited<ReturnType<C[Name]>>>;
  readonly stop: () => Promise<void>;
};

/** Starts a file of this folder in a separate process, which ends with this one. */
export function startSideProcess<C extends Calls>(file: string): SideProcess<C> {
  const child = fork(join(import.meta.dirname, "..", file), {
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  const waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>();
  let lastId = 0;
  let isStopped = false;
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.on("message", ({ id, result, error }: CallReply) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(result as never);
    else call?.reject(new Error(`${file}: ${error}`));
  });
  child.once("exit", (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended with code ${code}`));
    if (!isStopped) console.error(`${file} ended with code ${code}`);
  });
  return {
    pid: child.pid ?? 0,
    call: (name, input) =>
      new Promise((resolve, reject) => {
        const id = ++lastId;
        waiting.set(id, { resolve, reject });
        child.send({ id, name, input } satisfies CallRequest);
      }),
    stop: () => {
      isStopped = true;
      if (child.connected) child.disconnect();
      return exited;
    },
  };
}
