import { newEventId } from "./uuid-v7.ts";

/** An event to send. `data` is an object, or `data_text` the same as JSON text, which is sent digit for digit. */
export type NewEvent = {
  readonly type: string;
  /** Your id for the event, a UUID. Left out, the client creates one. */
  readonly id?: string | undefined;
  /** When it happened. Left out, the server takes the time of arrival. */
  readonly created_at?: string | Date | undefined;
} & (
  | { readonly data: object; readonly data_text?: undefined }
  | { readonly data_text: string; readonly data?: undefined }
);

export type IdentifiedEvent = NewEvent & { readonly id: string };

/** An event with its JSON text as it is sent. */
export type WrittenEvent = { readonly event: IdentifiedEvent; readonly text: string };

/** Gives an event its id, so that sending it again is safe, and writes it. */
export function writeEvent(event: NewEvent): WrittenEvent {
  const { type, created_at, data, data_text } = event;
  const id = event.id ?? newEventId();
  const createdAt = created_at instanceof Date ? created_at.toISOString() : created_at;
  const head = JSON.stringify({ type, id, ...(createdAt === undefined ? {} : { created_at: createdAt }) });
  const text = data_text === undefined ? JSON.stringify(data) : checkedText(data_text);
  if (text?.[0] !== "{") throw new TypeError("Give each event `data` (an object) or `data_text` (its JSON).");
  return { event: { ...event, id }, text: `${head.slice(0, -1)},"data":${text}}` };
}

/** Text that is not one JSON object could become other events of a batch. */
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
