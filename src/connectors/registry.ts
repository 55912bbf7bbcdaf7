import type { Connector } from "./contract.ts";
import { webhook } from "./webhook/webhook.ts";

/** Every connector this version ships. */
export const CONNECTORS: readonly Connector[] = [webhook];

export function findConnector(provider: string): Connector | null {
  return CONNECTORS.find((connector) => connector.provider === provider) ?? null;
}
