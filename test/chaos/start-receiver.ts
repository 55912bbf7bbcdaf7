import { spawn } from "node:child_process";
import { join } from "node:path";
import type { ReceiverLog } from "./receipt.ts";

export const SIGNING_SECRET = "a signing secret of the chaos run";

export type ReceiverProcess = {
  /** `http://127.0.0.1:<port>`; the first word of the path selects the behavior. */
  readonly url: string;
  readonly readLog: () => Promise<ReceiverLog>;
  readonly forgetLog: () => Promise<void>;
  /** When an event last arrived, or null if it has not. */
  readonly lastSeen: (eventId: string) => Promise<number | null>;
  readonly stop: () => void;
};

/** Starts the receivers in a separate process, which ends with this one. */
export async function startReceiver(): Promise<ReceiverProcess> {
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", join(import.meta.dirname, "receiver.ts")],
    {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, CHAOS_SIGNING_SECRET: SIGNING_SECRET },
    },
  );
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString("utf8").trim()));
    child.once("exit", (code) => reject(new Error(`the receiver did not start (exit code ${code})`)));
  });
  const read = async (path: string) => (await fetch(`${url}${path}`)).json();
  return {
    url,
    readLog: async () => (await read("/log")) as ReceiverLog,
    forgetLog: async () => void (await fetch(`${url}/log`, { method: "DELETE" })),
    lastSeen: async (eventId) => ((await read(`/seen?id=${eventId}`)) as { at: number | null }).at,
    stop: () => child.stdin.end(),
  };
}
