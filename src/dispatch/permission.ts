/** Decides what this process is allowed to send. */
export type Permission = {
  /** Whether requests can be started: not while others may consider this process gone. */
  readonly mayStart: () => boolean;
  readonly owns: (connectionId: string) => boolean;
  /** Whether this process can read and send a connection's queue now. */
  readonly mayWork: (connectionId: string) => boolean;
  /** Whether the connection's previous owner ended in the middle of its work. */
  readonly isCautious: (connectionId: string) => boolean;
  /** Called when a result of the connection was recorded. */
  readonly markRecorded: (connectionId: string) => void;
};
