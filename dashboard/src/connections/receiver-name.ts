import { detectReceiver, type Receiver } from "../../../src/domain/diagnostics/detect-receiver.ts";

const DEFAULT_NAMES: Record<Receiver, string> = {
  zapier: "Zapier catch hook",
  make: "Make webhook",
  n8n: "n8n webhook",
  pipedream: "Pipedream workflow",
  slack: "Slack webhook",
  discord: "Discord webhook",
  inspector: "",
  custom: "",
};

/** The default name of a connection, from its URL. Empty when the receiver is unknown. */
export function nameFor(url: URL | null): string {
  return url === null ? "" : DEFAULT_NAMES[detectReceiver(url)];
}
