import { REDACTED_VALUE } from "../../../../src/domain/custom-headers.ts";
import type { DeliveryDetail } from "../../api/types.ts";
import { shellQuote } from "../../text/shell-quote.ts";

/** Headers that are specific to a connection, or that curl sets itself. */
const OMITTED_HEADERS: ReadonlySet<string> = new Set([
  "host",
  "content-length",
  "connection",
  "transfer-encoding",
  "accept-encoding",
]);

/**
 * A curl command that repeats the latest request of a delivery. The URL is a credential, so the command reads it from
 * the environment and shows only its preview. Null once the payload is deleted.
 */
export function deliveryCurl({ request, attempts }: DeliveryDetail): string | null {
  if (request.body === null) return null;
  const headers = attempts.at(-1)?.request.headers ?? { "content-type": "application/json" };
  const lines = Object.entries(headers)
    .filter(([name]) => !OMITTED_HEADERS.has(name.toLowerCase()))
    .map(([name, value]) => `  -H ${headerWord(name, value)}`);
  const sealed = Object.keys(headers).filter((name) => headers[name] === REDACTED_VALUE);
  const command = ['curl -X POST "$WEBHOOK_URL"', ...lines, `  --data-raw ${shellQuote(request.body)}`];
  const notes = sealed.map((name) => `# ${variableOf(name)} is the value of the header ${name}`);
  return [`# WEBHOOK_URL is the whole URL of ${request.url_preview}`, ...notes, command.join(" \\\n")].join(
    "\n",
  );
}

/** A redacted value is read from the environment, like the URL. */
function headerWord(name: string, value: string): string {
  if (value !== REDACTED_VALUE) return shellQuote(`${name}: ${value}`);
  return `${shellQuote(`${name}: `)}"$${variableOf(name)}"`;
}

function variableOf(name: string): string {
  return `HEADER_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`;
}
