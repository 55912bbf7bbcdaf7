import type { Logger } from "pino";

/** Values that all parts of this process share. */
export type Runtime = {
  readonly logger: Logger;
  /** Version of OpenSend. */
  readonly version: string;
  /** Epoch milliseconds that never go back. */
  readonly now: () => number;
  /** Wall-clock time, which receivers compare with their clocks; it can be set back. */
  readonly wallNow: () => number;
  /** Monotonic milliseconds, unaffected by changes to the clock. */
  readonly monotonicNow: () => number;
};
