/** Whether and what this process may send. */
export type Permission = {
  /** Whether requests may be started: not while others may take this process for gone. */
  readonly mayStart: () => boolean;
  readonly owns: (connectionId: string) => boolean;
  /** Whether a connection's queue may be worked at this moment. */
  readonly mayWork: (connectionId: string) => boolean;
  /** Whether the process that worked the connection before ended amid its work. */
  readonly isCautious: (connectionId: string) => boolean;
  /** A result of the connection is recorded. */
  readonly noteRecorded: (connectionId: string) => void;
};
