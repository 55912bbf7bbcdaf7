import { lookup } from "node:dns/promises";
import { SendError } from "./send-error.ts";

export type SystemLookupOptions = {
  /** For tests; getaddrinfo by default. */
  readonly ask?: (name: string) => Promise<readonly string[]>;
  readonly memoryMs?: number;
};

/** How long to wait while another name is being queried. */
const WAIT_MS = 250;
/** How long an unknown name is not queried again. */
const MEMORY_MS = 60_000;
const REMEMBERED_MAX = 1_000;

/**
 * Queries the system (getaddrinfo), which also knows names that are not in DNS, such as `nas.local`. Each query
 * occupies a thread of the process and cannot be cancelled, so they run one at a time, and no caller waits long.
 */
export class SystemLookup {
  readonly #ask: (name: string) => Promise<readonly string[]>;
  readonly #memoryMs: number;
  /** When each unknown name may be queried again, oldest first. */
  readonly #unknownUntil = new Map<string, number>();
  #underWay: Promise<void> | null = null;

  constructor({ ask = askSystem, memoryMs = MEMORY_MS }: SystemLookupOptions = {}) {
    this.#ask = ask;
    this.#memoryMs = memoryMs;
  }

  /**
   * Empty if the system does not know the name.
   *
   * @throws {SendError} `dns_busy` when another query takes too long; `interrupted`.
   */
  async find(name: string, signal: AbortSignal): Promise<readonly string[]> {
    const deadline = performance.now() + WAIT_MS;
    while (this.#underWay !== null) {
      if (this.#isUnknown(name)) return [];
      if (!(await endsBefore(this.#underWay, deadline))) throw new SendError("dns_busy");
    }
    if (signal.aborted) throw new SendError("interrupted");
    if (this.#isUnknown(name)) return [];
    const found = this.#ask(name).catch(() => []);
    this.#underWay = found.then((addresses) => {
      this.#underWay = null;
      if (addresses.length === 0) this.#remember(name);
    });
    return found;
  }

  #isUnknown(name: string): boolean {
    return (this.#unknownUntil.get(name) ?? 0) > performance.now();
  }

  #remember(name: string): void {
    this.#unknownUntil.delete(name);
    this.#unknownUntil.set(name, performance.now() + this.#memoryMs);
    const oldest = this.#unknownUntil.keys().next();
    if (this.#unknownUntil.size > REMEMBERED_MAX && !oldest.done) this.#unknownUntil.delete(oldest.value);
  }
}

async function askSystem(name: string): Promise<readonly string[]> {
  const found = await lookup(name, { all: true });
  return found.map(({ address }) => address);
}

async function endsBefore(underWay: Promise<void>, deadline: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(0, deadline - performance.now()));
  });
  const ended = await Promise.race([underWay.then(() => true), expired]);
  clearTimeout(timer);
  return ended;
}
