import type { AddressPolicy } from "./address-policy.ts";
import type { UrlRefusalReason } from "./refusal.ts";

/**
 * Why a URL whose host has these addresses cannot be called; null if it can. Every address counts. An empty list means
 * that they are unknown here, which is enough for https only.
 */
export function judgeAddresses(
  addresses: readonly string[],
  url: URL,
  judgeAddress: AddressPolicy,
): UrlRefusalReason | null {
  const verdicts = addresses.map(judgeAddress);
  const refused = verdicts.find((verdict) => verdict.kind === "refused");
  if (refused !== undefined) return refused.reason;
  if (url.protocol === "https:") return null;
  const isOpen = verdicts.length > 0 && verdicts.every((verdict) => verdict.kind === "open");
  return isOpen ? null : "https_required";
}
