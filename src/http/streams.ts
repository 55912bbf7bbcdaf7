import { Readable } from "node:stream";
import type { Identity } from "../auth/identity.ts";
import { OpenSendError } from "../domain/errors.ts";
import { fairShare } from "../domain/fair-share.ts";
import type { Changes, Subscription } from "../realtime/changes.ts";
import type { ChangeFilter } from "../realtime/subscriber.ts";
import type { ShownNow } from "./schemas/delivery.ts";
import { changeFrame, heartbeatFrame, openingFrame } from "./stream-frames.ts";

const STREAMS_MAX = 200;
/** A workspace may use this part of the free streams: 40 at first, and one is always left for another. */
const PART_OF_FREE = 4;
const STREAMS_PER_CREDENTIAL_MAX = 20;
const BUSY_RETRY_S = 30;
const CLOSING_RETRY_S = 2;
const HEARTBEAT_EVERY_MS = 15_000;
/** Heartbeats between two checks of whether the caller may still watch. */
const HEARTBEATS_PER_CHECK = 2;
/** A reader that has taken nothing for this many heartbeats is cut off. */
const STALLED_HEARTBEATS_MAX = 4;
/** Buffered for a slow reader; later changes wait in the log, which is bounded. */
const BUFFER_BYTES = 64 * 1024;

type StreamsDeps = {
  readonly changes: Pick<Changes, "subscribe">;
  readonly mayStillRead: (identity: Identity) => Promise<boolean>;
  readonly shown: ShownNow;
  readonly onError: (error: unknown) => void;
};

type Stream = {
  readonly identity: Identity;
  readonly readable: Readable;
  readonly subscription: Subscription;
  isFull: boolean;
  stalledHeartbeats: number;
};

/** The open streams of this process. */
export class Streams {
  readonly #changes: StreamsDeps["changes"];
  readonly #mayStillRead: StreamsDeps["mayStillRead"];
  readonly #shown: ShownNow;
  readonly #onError: StreamsDeps["onError"];
  readonly #streams = new Set<Stream>();
  #timer: NodeJS.Timeout | null = null;
  #heartbeats = 0;
  #isClosed = false;

  constructor({ changes, mayStillRead, shown, onError }: StreamsDeps) {
    this.#changes = changes;
    this.#mayStillRead = mayStillRead;
    this.#shown = shown;
    this.#onError = onError;
  }

  count(): number {
    return this.#streams.size;
  }

  /** @throws {OpenSendError} `rate_limited`, `overloaded`. */
  open(
    identity: Identity,
    { filter, lastId }: { readonly filter: ChangeFilter; readonly lastId: string | null },
  ): Readable {
    refuseMore(this.#streams, identity, this.#isClosed);
    const readable = new Readable({
      highWaterMark: BUFFER_BYTES,
      read: () => {
        if (!stream.isFull) return;
        stream.isFull = false;
        subscription.resume();
      },
    });
    const { workspaceId } = identity;
    const subscription = this.#changes.subscribe({ workspaceId, filter, lastId }, (sent) =>
      write(stream, sent.map((change) => changeFrame(change, this.#shown)).join("")),
    );
    const stream: Stream = { identity, readable, subscription, isFull: false, stalledHeartbeats: 0 };
    this.#streams.add(stream);
    readable.once("close", () => this.#drop(stream));
    this.#timer ??= setInterval(() => this.heartbeat().catch(this.#onError), HEARTBEAT_EVERY_MS);
    write(stream, openingFrame(subscription.position()));
    return readable;
  }

  /** Sends heartbeats, and cuts off stalled readers and callers that may no longer watch; called by a timer. */
  async heartbeat(): Promise<void> {
    for (const stream of this.#streams) {
      stream.stalledHeartbeats = stream.isFull ? stream.stalledHeartbeats + 1 : 0;
      if (stream.stalledHeartbeats >= STALLED_HEARTBEATS_MAX) this.#end(stream);
      else if (!stream.isFull) write(stream, heartbeatFrame(stream.subscription.position()));
    }
    this.#heartbeats++;
    if (this.#heartbeats % HEARTBEATS_PER_CHECK === 0) await this.#endForbidden();
  }

  /** Ends all streams and refuses new ones. */
  close(): void {
    this.#isClosed = true;
    for (const stream of this.#streams) this.#end(stream);
  }

  async #endForbidden(): Promise<void> {
    // A session that has switched can have streams of several workspaces.
    const groupOf = ({ identity }: Stream) => `${credentialOf(identity)} ${identity.workspaceId}`;
    for (const [, own] of Map.groupBy(this.#streams, groupOf)) {
      const identity = own[0]?.identity;
      if (identity === undefined || (await this.#mayStillRead(identity))) continue;
      for (const stream of own) this.#end(stream);
    }
  }

  /** Buffered data is sent first, unless the reader does not take it. */
  #end(stream: Stream): void {
    if (stream.isFull) stream.readable.destroy();
    else stream.readable.push(null);
    this.#drop(stream);
  }

  #drop(stream: Stream): void {
    stream.subscription.end();
    this.#streams.delete(stream);
    if (this.#streams.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}

function write(stream: Stream, frames: string): boolean {
  stream.isFull = !stream.readable.push(frames);
  return !stream.isFull;
}

function refuseMore(streams: ReadonlySet<Stream>, identity: Identity, isClosed: boolean): void {
  if (isClosed) {
    throw new OpenSendError("overloaded", "The server is stopping.", { retryAfterSeconds: CLOSING_RETRY_S });
  }
  const options = { retryAfterSeconds: BUSY_RETRY_S };
  const credential = credentialOf(identity);
  const own = [...streams].filter((stream) => stream.identity.workspaceId === identity.workspaceId);
  const ofCredential = own.filter((stream) => credentialOf(stream.identity) === credential).length;
  if (ofCredential >= STREAMS_PER_CREDENTIAL_MAX) {
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
