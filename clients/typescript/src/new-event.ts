import { newEventId } from "./uuid-v7.ts";

/** An event to send. `data` is an object; `data_text` is JSON text, which keeps every digit of its numbers. */
export type NewEvent = {
  readonly type: string;
  /** Your id for the event, a UUID. Default: created by the client. */
  readonly id?: string | undefined;
  /** When the event happened. Default: the time it arrives at the server. */
  readonly created_at?: string | Date | undefined;
} & (
  | { readonly data: object; readonly data_text?: undefined }
  | { readonly data_text: string; readonly data?: undefined }
);

export type IdentifiedEvent = NewEvent & { readonly id: string };

/** An event with the JSON text that is sent. */
export type WrittenEvent = { readonly event: IdentifiedEvent; readonly text: string };

/** Assigns an id to an event that has none, so that resending it is safe, and writes its JSON. */
export function writeEvent(event: NewEvent): WrittenEvent {
  const { type, created_at, data, data_text } = event;
  const id = event.id ?? newEventId();
  const createdAt = created_at instanceof Date ? created_at.toISOString() : created_at;
  const head = JSON.stringify({ type, id, ...(createdAt === undefined ? {} : { created_at: createdAt }) });
  const text = data_text === undefined ? JSON.stringify(data) : checkedText(data_text);
  if (text?.[0] !== "{") throw new TypeError("Give each event `data` (an object) or `data_text` (its JSON).");
  return { event: { ...event, id }, text: `${head.slice(0, -1)},"data":${text}}` };
}

/** Text that is not a single JSON object could inject other events into a batch. */
function checkedText(text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new TypeError("`data_text` is not valid JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError("`data_text` must be a JSON object.");
  }
  return text;
}
