export const TEST_EVENT_TYPE = "integration.test";

/** The source of an event: an application over the API, or OpenSend itself. */
export type EventOrigin = "application" | "system";

/** The displayed origin: test events are stored as an application's, and recognized by their reserved type. */
export const SHOWN_ORIGINS = ["application", "system", "test"] as const;
export type ShownOrigin = (typeof SHOWN_ORIGINS)[number];

export function shownOrigin({ type, origin }: { type: string; origin: EventOrigin }): ShownOrigin {
  return type === TEST_EVENT_TYPE ? "test" : origin;
}
/** Prefix of the types of alert events. */
export const ALERT_TYPE_PREFIX = "opensend.alert.";

/**
 * The exact bytes sent and signed: compact JSON with the members in the published order, `created_at` in ISO 8601 UTC
 * with milliseconds. `dataJson` is used unchanged. An alert also has its text in the members that the webhooks of Slack
 * (`text`) and Discord (`content`) read.
 */
export function serializeEvent(event: { type: string; createdAt: number; dataJson: string }): string {
  const type = JSON.stringify(event.type);
  const createdAt = JSON.stringify(new Date(event.createdAt).toISOString());
  const spoken = event.type.startsWith(ALERT_TYPE_PREFIX) ? spokenText(event.dataJson) : "";
  return `{"type":${type},"created_at":${createdAt},"data":${event.dataJson}${spoken}}`;
}

/** Discord rejects longer content. */
const CONTENT_LENGTH_MAX = 2000;
const SLACK_ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Keeps a connection's name from notifying everyone through the markup of Slack and Discord. */
function spokenText(dataJson: string): string {
  const { text }: { readonly text?: unknown } = isPayloadDeleted(dataJson) ? {} : JSON.parse(dataJson);
  if (typeof text !== "string") return "";
  const slack = text.replaceAll(/[&<>]/g, (character) => SLACK_ESCAPES[character] ?? character);
  const content =
    text.length <= CONTENT_LENGTH_MAX ? text : `${text.slice(0, CONTENT_LENGTH_MAX - 1).toWellFormed()}…`;
  const members = { text: slack, content, allowed_mentions: { parse: [] } };
  return `,${JSON.stringify(members).slice(1, -1)}`;
}

/** Whether the payload has been deleted, by retention or by a person: empty text is never a JSON object. */
export function isPayloadDeleted(dataJson: string): boolean {
  return dataJson === "";
}
