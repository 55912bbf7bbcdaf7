import { scanJson } from "./scan-json.ts";

/**
 * Where a text stops being JSON (RFC 8259): the offset of the first invalid character, the text's length when it ends
 * too early, or null when there is no fault.
 */
export function findJsonFault(text: string): number | null {
  return scanJson(text, null).faultAt;
}
