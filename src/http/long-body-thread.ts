import { readlinkSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { basename } from "node:path";
import { parentPort } from "node:worker_threads";
import { OpenSendError } from "../domain/errors.ts";
import { type NewEvent, readEvent, readEventBatch } from "../domain/read-event.ts";
import { decodeBody } from "./decode-body.ts";
import type { LongBodyRequest, LongBodyResponse } from "./long-body-messages.ts";

/** Length of a slice's event data, in UTF-16 units: deserializing it takes about 100 µs. */
const SLICE_LENGTH = 256 * 1024;

const port = parentPort;
if (port === null) throw new Error("long-body-thread.ts runs in a worker thread");
lowerPriority();
const received = new Map<number, Uint8Array[]>();
const read = new Map<number, NewEvent[]>();

port.on("message", (request: LongBodyRequest) => {
  const { id } = request;
  if (request.what === "chunk") return bufferChunk(id, request.bytes);
  if (request.what === "drop") return drop(id);
  try {
    if (request.what === "read") read.set(id, readEvents(takeBytes(id), request.as, request.now));
    respond(takeSlice(id));
  } catch (error) {
    drop(id);
    respond(refusalOf(id, error));
  }
});

/** Lowers the thread's priority below everything else. Only Linux has separate ids for threads. */
function lowerPriority(): void {
  try {
    const threadId = Number(basename(readlinkSync("/proc/thread-self")));
    setPriority(threadId, constants.priority.PRIORITY_LOW);
  } catch {
    // Without it, the thread works at the process's priority.
  }
}

function respond(message: LongBodyResponse): void {
  port?.postMessage(message);
}

function bufferChunk(id: number, bytes: Uint8Array): void {
  const chunks = received.get(id);
  if (chunks === undefined) received.set(id, [bytes]);
  else chunks.push(bytes);
}

function drop(id: number): void {
  received.delete(id);
  read.delete(id);
}

function takeBytes(id: number): Buffer {
  const bytes = Buffer.concat(received.get(id) ?? []);
  received.delete(id);
  return bytes;
}

function readEvents(bytes: Buffer, as: "one" | "batch", now: number): NewEvent[] {
  const text = decodeBody(bytes);
  return as === "batch" ? readEventBatch(text, now) : [readEvent(text, now)];
}

function takeSlice(id: number): LongBodyResponse {
  const events = read.get(id) ?? [];
  let length = 0;
  const end = events.findIndex((event) => {
    length += event.dataJson.length;
    return length > SLICE_LENGTH;
  });
  const slice = events.splice(0, end === -1 ? events.length : end + 1);
  const isLast = events.length === 0;
  if (isLast) read.delete(id);
  return { id, what: "events", events: slice, isLast };
}

function refusalOf(id: number, error: unknown): LongBodyResponse {
  if (error instanceof OpenSendError) {
    const { code, detail, fields } = error;
    return { id, what: "refused", code, detail, fields };
  }
  return { id, what: "failed", reason: error instanceof Error ? (error.stack ?? error.message) : "unknown" };
}
