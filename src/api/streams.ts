import { Readable } from "node:stream";
import type { Identity } from "../auth/identity.ts";
import { OpenSendError } from "../core/errors.ts";
import { fairShare } from "../core/fair-share.ts";
import type { Changes, Subscription } from "../delivery/changes/changes.ts";
import type { ChangeFilter } from "../delivery/changes/subscriber.ts";
import { changeFrame, heartbeatFrame, openingFrame } from "./stream-frames.ts";

const STREAMS_MAX = 200;
/** A workspace may have this part of those that are free: 40 at first, and there is always one left for another. */
const PART_OF_FREE = 4;
const STREAMS_A_CREDENTIAL_MAX = 20;
const BUSY_RETRY_S = 30;
const CLOSING_RETRY_S = 2;
const BEAT_EVERY_MS = 15_000;
/** Heartbeats between two looks at whether the caller may still watch. */
const BEATS_A_CHECK = 2;
/** A reader that took nothing for so many heartbeats is cut. */
const STALLED_BEATS_MAX = 4;
/** Held for a reader that does not take it; what changes meanwhile waits in the log, which is bounded. */
const HELD_BYTES = 64 * 1024;

/** The open streams of this process. */
export type Streams = {
  /** @throws {OpenSendError} `rate_limited`, `overloaded`. */
  readonly open: (
    identity: Identity,
    request: { readonly filter: ChangeFilter; readonly lastId: string | null },
  ) => Readable;
  /** Sends heartbeats, cuts readers that stall and callers that may not watch any more; a timer calls it. */
  readonly beat: () => Promise<void>;
  readonly count: () => number;
  /** Ends all of them and opens no more. */
  readonly close: () => void;
};

type StreamsDeps = {
  readonly changes: Pick<Changes, "subscribe">;
  readonly mayStillRead: (identity: Identity) => Promise<boolean>;
  readonly onError: (error: unknown) => void;
};

type Stream = {
  readonly identity: Identity;
  readonly readable: Readable;
  readonly subscription: Subscription;
  isFull: boolean;
  stalledBeats: number;
};

export function createStreams({ changes, mayStillRead, onError }: StreamsDeps): Streams {
  const streams = new Set<Stream>();
  let timer: NodeJS.Timeout | null = null;
  let beats = 0;
  let isClosed = false;

  const write = (stream: Stream, frames: string): boolean => {
    stream.isFull = !stream.readable.push(frames);
    return !stream.isFull;
  };

  const drop = (stream: Stream) => {
    stream.subscription.end();
    streams.delete(stream);
    if (streams.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };

  /** What it still holds is sent first; a reader that does not take it is not waited for. */
  const end = (stream: Stream) => {
    if (stream.isFull) stream.readable.destroy();
    else stream.readable.push(null);
    drop(stream);
  };

  const beat = async (): Promise<void> => {
    for (const stream of streams) {
      stream.stalledBeats = stream.isFull ? stream.stalledBeats + 1 : 0;
      if (stream.stalledBeats >= STALLED_BEATS_MAX) end(stream);
      else if (!stream.isFull) write(stream, heartbeatFrame(stream.subscription.position()));
    }
    beats++;
    if (beats % BEATS_A_CHECK === 0) await endForbidden();
  };

  const endForbidden = async (): Promise<void> => {
    // A session that was switched may have streams of several workspaces.
    const placeOf = ({ identity }: Stream) => `${credentialOf(identity)} ${identity.workspaceId}`;
    for (const [, own] of Map.groupBy(streams, placeOf)) {
      const identity = own[0]?.identity;
      if (identity !== undefined && !(await mayStillRead(identity))) own.forEach(end);
    }
  };

  return {
    open: (identity, { filter, lastId }) => {
      refuseMore(streams, identity, isClosed);
      const readable = new Readable({
        highWaterMark: HELD_BYTES,
        read: () => {
          if (!stream.isFull) return;
          stream.isFull = false;
          subscription.resume();
        },
      });
      const { workspaceId } = identity;
      const subscription = changes.subscribe({ workspaceId, filter, lastId }, (sent) =>
        write(stream, sent.map(changeFrame).join("")),
      );
      const stream: Stream = { identity, readable, subscription, isFull: false, stalledBeats: 0 };
      streams.add(stream);
      readable.once("close", () => drop(stream));
      timer ??= setInterval(() => beat().catch(onError), BEAT_EVERY_MS);
      write(stream, openingFrame(subscription.position()));
      return readable;
    },
    beat,
    count: () => streams.size,
    close: () => {
      isClosed = true;
      for (const stream of streams) end(stream);
    },
  };
}

function refuseMore(streams: ReadonlySet<Stream>, identity: Identity, isClosed: boolean): void {
  if (isClosed) {
    throw new OpenSendError("overloaded", "The server is stopping.", { retryAfterSeconds: CLOSING_RETRY_S });
  }
  const options = { retryAfterSeconds: BUSY_RETRY_S };
  const credential = credentialOf(identity);
  const own = [...streams].filter((stream) => stream.identity.workspaceId === identity.workspaceId);
  const ofCredential = own.filter((stream) => credentialOf(stream.identity) === credential).length;
  if (ofCredential >= STREAMS_A_CREDENTIAL_MAX) {
    const what = identity.kind === "api_key" ? "key" : "session";
    throw new OpenSendError(
      "rate_limited",
      `This ${what} has ${ofCredential} streams open, the limit for one. Close one first.`,
      options,
    );
  }
  const free = STREAMS_MAX - streams.size;
  if (free <= 0) {
    throw new OpenSendError(
      "overloaded",
      `This server has ${STREAMS_MAX} streams open, the limit for all workspaces. Try again when some have ended.`,
      options,
    );
  }
  if (own.length < fairShare(free, PART_OF_FREE)) return;
  throw new OpenSendError(
    "rate_limited",
    `This workspace has ${own.length} streams open; of the ${free} still free most are left to other workspaces. Close one first.`,
    options,
  );
}

function credentialOf(identity: Identity): string {
  return identity.kind === "api_key" ? `key:${identity.keyId}` : `session:${identity.sessionId}`;
}
