import { shellQuote } from "../text/shell-quote.ts";

/** The body of `POST /api/events`. `data` is inserted as text, so that large integers are not rounded. */
export function eventBody(type: string, data: string): string {
  return `{"type": ${JSON.stringify(type)}, "data": ${data.trim()}}`;
}

/** The same request as a curl command, which reads the key from the environment. */
export function eventCurl(origin: string, type: string, data: string): string {
  return [
    `curl ${origin}/api/events \\`,
    '  -H "Authorization: Bearer $OPENSEND_API_KEY" \\',
    '  -H "Content-Type: application/json" \\',
    `  -d ${shellQuote(eventBody(type, data))}`,
  ].join("\n");
}

/** Why a text cannot be an event's data; null when it can. */
export function faultOfData(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? null : 'Enter a JSON object, such as {"order_id": 42}.';
  } catch {
    return "This is not valid JSON.";
  }
}
