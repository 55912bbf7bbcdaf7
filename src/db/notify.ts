import { PostgresBus } from "./postgres/notify.ts";

export type BusChannel = "due" | "recall" | "members" | "changes" | "interest" | "attempts" | "sending";

/**
 * Messages between processes on one database. They are hints: one may be lost, and equal ones that wait may be merged.
 * The truth is in the database.
 */
export type Bus = {
  /** Whether this process receives the others' messages now; null if there are no others. */
  readonly isListening: boolean | null;
  /** Publishes short messages to the other processes soon, never to this one. */
  readonly publish: (channel: BusChannel, messages: readonly string[]) => void;
  /** `onGap` is called when messages may have been lost, once new ones are received reliably again. */
  readonly subscribe: (
    channel: BusChannel,
    onMessages: (messages: readonly string[]) => void,
    onGap: () => void,
  ) => void;
  /** Resolves when it listens, or when it failed and keeps trying. Nothing is sent before that. */
  readonly start: () => Promise<void>;
  /** Sends waiting messages, then ends the connection. */
  readonly close: () => Promise<void>;
};

export type BusOptions = {
  readonly databaseUrl: string | null;
  /** Where to listen, if not at `databaseUrl`. */
  readonly listenUrl: string | null;
  /** Called when notifications turn out not to arrive, and when they arrive again. */
  readonly onListening: (isListening: boolean) => void;
  readonly onError: (error: Error) => void;
};

/** Opens the bus of a database. The embedded one has a single server, so its bus is silent. */
export function openBus({ databaseUrl, listenUrl, ...listeners }: BusOptions): Bus {
  if (databaseUrl === null) return silentBus;
  return new PostgresBus({ databaseUrl, listenUrl: listenUrl ?? databaseUrl, ...listeners });
}

const silentBus: Bus = {
  isListening: null,
  publish: () => undefined,
  subscribe: () => undefined,
  start: async () => undefined,
  close: async () => undefined,
};
