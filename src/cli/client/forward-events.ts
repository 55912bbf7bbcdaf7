import { randomBytes } from "node:crypto";
import { createEventFilter, createSystemEventFilter } from "../../domain/event-filter.ts";
import { UsageError } from "../command-error.ts";
import { print } from "../print.ts";
import { printable } from "../printable.ts";
import { untilStopped } from "../until-stopped.ts";
import { followEvents, type ListedEvent } from "./follow-events.ts";
import { type Forwarded, forwardEvent } from "./forward-event.ts";
import { paint, printJson, row } from "./output.ts";
import type { ServerCall } from "./server-call.ts";

const SECRET_BYTES = 32;

type Forwarding = {
  readonly target: URL;
  /** Subscribed types, as a connection has them. */
  readonly eventTypes: readonly string[];
  /** Null to generate a secret. */
  readonly secret: string | null;
  readonly isJson: boolean;
};

/**
 * Posts each event that a connection with these event types would receive to an app on this machine, one at a time,
 * until the command is stopped. Nothing is created on the server, which does not need to reach this machine.
 */
export async function forwardEvents(server: ServerCall, forwarding: Forwarding): Promise<void> {
  const { target, eventTypes, isJson } = forwarding;
  const secret = forwarding.secret ?? `whsec_${randomBytes(SECRET_BYTES).toString("base64")}`;
  const stop = new AbortController();
  void untilStopped().then(() => stop.abort());
  const notify = console.error;
  const onReady = () => {
    notify(`Forwarding ${eventTypes.join(", ")} from ${server.url} to ${target.href}. Ctrl-C stops.`);
    if (forwarding.secret !== null) return;
    notify(
      `Signing secret of this run: ${secret}\nSet OPENSEND_SIGNING_SECRET to use the same one each time.`,
    );
  };
  // A connection's `*` differs from the list's, which includes OpenSend's own events.
  const following = { types: eventTypes, signal: stop.signal, notify, onReady };
  const isForwarded = createForwardFilter(eventTypes);
  for await (const event of followEvents(server, following)) {
    const { id, type, created_at, data_text } = event;
    if (data_text === null || data_text === undefined || !isForwarded(event)) continue;
    const result = await forwardEvent(target, secret, { id, type, created_at, data_text }, stop.signal);
    if (stop.signal.aborted) return;
    if (isJson) printJson(presentForwarded(event, result));
    else printForwarded(event, result);
  }
}

/**
 * Selects the events that a connection with these patterns would receive; test events only go to the tested connection.
 */
function createForwardFilter(eventTypes: readonly string[]): (event: ListedEvent) => boolean {
  const isWanted = createEventFilter(eventTypes);
  const isWantedOfSystem = createSystemEventFilter(eventTypes);
  return ({ origin, type }) => {
    if (origin === "test") return false;
    return origin === "system" ? isWantedOfSystem(type) : isWanted(type);
  };
}

function presentForwarded({ id, type, accepted_at }: ListedEvent, result: Forwarded) {
  const { status, durationMs, error, body } = result;
  return { event_id: id, type, accepted_at, ok: isOk(result), status, duration_ms: durationMs, error, body };
}

function printForwarded({ id, type, accepted_at }: ListedEvent, result: Forwarded): void {
  const outcome =
    result.status === null ? (result.error ?? "") : `${result.status} in ${result.durationMs} ms`;
  print(`${row([accepted_at, id, type])}\t${paint(isOk(result) ? "ok" : "failed")}\t${outcome}`);
  if (!isOk(result) && result.body !== "") print(printable(result.body));
}

function isOk({ status }: Forwarded): boolean {
  return status !== null && status >= 200 && status < 300;
}

/** @throws {UsageError} for an invalid target. The message does not repeat the text, which can contain a password. */
export function readTarget(text: string): URL {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
    ? text
    : `http://${text.replace(/^:/, "localhost:")}`;
  const url = URL.parse(withScheme);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    throw new UsageError(
      "--forward-to must be an http:// or https:// URL without user and password, such as http://localhost:3000/hook.",
    );
  }
  return url;
}
