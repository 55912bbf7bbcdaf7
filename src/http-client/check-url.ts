import { findUrlMistake, type UrlMistake } from "../domain/url-mistake.ts";
import type { AddressPolicy } from "./address-policy.ts";
import { judgeAddresses } from "./judge-addresses.ts";
import { explainRefusal, type UrlRefusalReason } from "./refusal.ts";
import { judgeUrl, readUrl } from "./url-policy.ts";

export type UrlVerdict =
  | { readonly allowed: true; readonly url: URL }
  | { readonly allowed: false; readonly reason: UrlRefusalReason; readonly message: string };

export type UrlCheck = {
  readonly judgeAddress: AddressPolicy;
  readonly lookUp: (name: string) => Promise<readonly string[]>;
};

/**
 * Judges a URL someone wants to save. A name that does not resolve now is allowed over https, since every connection
 * checks again and a test reports the fault; over http it is refused, since nothing shows that its range is open.
 */
export async function checkUrl(text: string, check: UrlCheck): Promise<UrlVerdict> {
  const slip = findUrlMistake(text);
  const read = readUrl(text);
  if (!read.valid) return refused(slipFor(read.reason, slip), null);
  const { url } = read;
  const judgement = judgeUrl(url, check.judgeAddress);
  if (!judgement.allowed) return refused(slipFor(judgement.reason, slip), url);

  const { target } = judgement;
  // A mistyped name is not looked up.
  if (target.kind === "name" && slip !== null) return refused(slip, url);
  const addresses = target.kind === "name" ? await addressesOf(target.name, check) : target.addresses;
  const refusal = judgeAddresses(addresses, url, check.judgeAddress) ?? slip;
  return refusal === null ? { allowed: true, url } : refused(refusal, url);
}

/** Explains why a text is not a URL or host name. Dangerous URLs keep their own reason. */
function slipFor(reason: UrlRefusalReason, slip: UrlMistake | null): UrlRefusalReason {
  return slip !== null && ["not_a_url", "hostname_not_allowed"].includes(reason) ? slip : reason;
}

/** The addresses of a name; empty if the lookup fails. */
async function addressesOf(name: string, check: UrlCheck): Promise<readonly string[]> {
  try {
    return await check.lookUp(name);
  } catch {
    return [];
  }
}

function refused(reason: UrlRefusalReason, url: URL | null): UrlVerdict {
  return { allowed: false, reason, message: explainRefusal(reason, url) };
}
