import type { AddressPolicy } from "./address-policy.ts";
import type { UrlRefusalReason } from "./refusal.ts";

/**
 * Why a URL whose host has these addresses may not be called; null when it may. Every address counts. None at all
 * means that they are not known here, which is good enough for https only.
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
