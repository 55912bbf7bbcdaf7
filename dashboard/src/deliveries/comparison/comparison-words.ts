import type { Comparison } from "../../api/types.ts";

type Difference = Comparison["differences"][number];
type Change = Comparison["connection_changes"][number];

const STAGE_WORDS: Readonly<Record<string, string>> = {
  dns: "DNS lookup",
  connect: "Connecting",
  tls: "TLS handshake",
  first_byte: "Waiting for the response",
  total: "The whole request",
};

/**
 * The differences worth showing. Payloads of different event types always differ, so their differences do not explain a
 * failure.
 */
export function shownDifferences(
  differences: readonly Difference[],
  isSameType: boolean,
): readonly Difference[] {
  if (isSameType) return differences;
  return differences.filter(({ part }) => part !== "body_member" && part !== "body_size");
}

/** The label of a difference. A name from outside appears in it unchanged. */
export function differenceName({ part, name }: Difference): string {
  switch (part) {
    case "event_type":
      return "Event type";
    case "version":
      return "OpenSend version";
    case "request_header":
      return `Request header ${name}`;
    case "body_size":
      return "Body size";
    case "body_member":
      return `data.${name}`;
    case "response_status":
      return "Response";
    case "response_header":
      return `Response header ${name}`;
    case "timing":
      return STAGE_WORDS[name ?? ""] ?? `Time for ${name}`;
  }
}

/** One of the two values; a missing value is shown as words. */
export function valueWords({ part }: Difference, value: string | null): string {
  if (value === null) return part === "body_member" ? "Not in the data" : "None";
  // Without a response the value is an error code such as `connection_refused`; otherwise it is an HTTP status.
  return part === "response_status" ? value.replaceAll("_", " ") : value;
}

const FIELD_WORDS: Readonly<Record<string, string>> = {
  webhook_url: "webhook URL",
  headers: "custom headers",
  timeout_seconds: "timeout",
};

/** "Connection updated: webhook URL, signing secret". */
export function changeWords({ action, fields }: Change): string {
  const did = action.replace(".", " ").replaceAll("_", " ");
  const sentence = did.slice(0, 1).toUpperCase() + did.slice(1);
  if (fields.length === 0) return sentence;
  return `${sentence}: ${fields.map((field) => FIELD_WORDS[field] ?? field.replaceAll("_", " ")).join(", ")}`;
}

/** Whether something changed on OpenSend's side, or may have changed, because not all connection changes were read. */
export function mayHaveOwnChange(comparison: Comparison): boolean {
  const { differences, connection_changes: changes, has_more_changes: hasMore } = comparison;
  return hasMore || changes.length > 0 || differences.some(({ side }) => side === "sender");
}

/** The note shown when the list of changes is incomplete. */
export function moreChangesWords({ connection_changes: changes }: Comparison): string {
  return changes.length > 0
    ? "Earlier changes are in the audit log."
    : "Too many changes in between to list here. The audit log has all of them.";
}
