import type { DeliveryDetail } from "../../api/types.ts";
import { shellQuote } from "../../text/shell-quote.ts";

/** Headers that belong to one connection or that curl writes itself. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  "host",
  "content-length",
  "connection",
  "transfer-encoding",
  "accept-encoding",
]);

/**
 * The latest request of a delivery as a command. The URL is a credential, so the command reads it from the
 * environment and shows only its preview. Null once the payload is deleted.
 */
export function deliveryCurl({ request, attempts }: DeliveryDetail): string | null {
  if (request.body === null) return null;
  const headers = attempts.at(-1)?.request.headers ?? { "content-type": "application/json" };
  const lines = Object.entries(headers)
    .filter(([name]) => !LEFT_OUT.has(name.toLowerCase()))
    .map(([name, value]) => `  -H ${shellQuote(`${name}: ${value}`)}`);
  const command = ['curl -X POST "$WEBHOOK_URL"', ...lines, `  --data-raw ${shellQuote(request.body)}`];
  return [`# WEBHOOK_URL is the whole URL of ${request.url_preview}`, command.join(" \\\n")].join("\n");
}
