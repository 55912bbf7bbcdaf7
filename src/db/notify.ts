import { createPostgresBus } from "./postgres/notify.ts";

export type BusChannel = "due" | "recall" | "members" | "changes" | "interest" | "attempts";

/**
 * What processes on one database tell each other. Messages are hints: one may be lost, and equal ones that wait for
 * each other may come as one. What is true stands in the database.
 */
export type Bus = {
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

/** Opens the bus of a database; the embedded one has one server, which has nobody to tell. */
export function openBus(options: {
  readonly databaseUrl: string | null;
  readonly onError: (error: Error) => void;
}): Bus {
  const { databaseUrl, onError } = options;
  return databaseUrl === null ? silentBus : createPostgresBus(databaseUrl, onError);
}

const silentBus: Bus = {
  publish: () => undefined,
  subscribe: () => undefined,
  start: async () => undefined,
  close: async () => undefined,
};
