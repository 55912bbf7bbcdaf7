import { PostgresBus } from "./postgres/notify.ts";

export type BusChannel = "due" | "recall" | "members" | "changes" | "interest" | "attempts" | "sending";

/**
 * What processes on one database tell each other. Messages are hints: one may be lost, and equal ones that wait for
 * each other may come as one. What is true is in the database.
 */
export type Bus = {
  /** Whether this process hears the others right now; null where there are none to hear. */
  readonly isListening: boolean | null;
  /** Tells the other processes, soon; never this one. A message is a short text. */
  readonly publish: (channel: BusChannel, messages: readonly string[]) => void;
  /** `onGap` is called when messages may have been lost and what is heard from now on is whole again. */
  readonly subscribe: (
    channel: BusChannel,
    onMessages: (messages: readonly string[]) => void,
    onGap: () => void,
  ) => void;
  /** Resolves when it listens, or when it could not and goes on trying. Before it, nothing is sent. */
  readonly start: () => Promise<void>;
  /** Sends what waits, then ends the connection. */
  readonly close: () => Promise<void>;
};

export type BusOptions = {
  readonly databaseUrl: string | null;
  /** Where to listen, if elsewhere than at `databaseUrl`. */
  readonly listenUrl: string | null;
  /** Told when it turns out that nothing can be heard, and when something can be again. */
  readonly onHearing: (isHearing: boolean) => void;
  readonly onError: (error: Error) => void;
};

/** Opens the bus of a database; the embedded one has one server, which has no one to tell. */
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
