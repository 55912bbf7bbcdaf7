import type { Logger } from "pino";

/** What every part of this process has in common. */
export type Runtime = {
  readonly logger: Logger;
  /** Of OpenSend. */
  readonly version: string;
  /** Epoch milliseconds that never go back. */
  readonly now: () => number;
  /** The time of the wall, which receivers compare with their clocks; it may be set back. */
  readonly wallNow: () => number;
  /** Milliseconds that only go forward, whatever is done to the clock. */
  readonly monotonicNow: () => number;
};
