import { isIP } from "node:net";
import { INSPECTOR_HOST } from "../domain/inspector.ts";
import type { AddressPolicy } from "./address-policy.ts";
import type { UrlRefusalReason } from "./refusal.ts";
import { isRefusedPort } from "./refused-ports.ts";

const URL_LENGTH_MAX = 2048;

/** The destination of a URL before any name is resolved. */
export type UrlTarget =
  /** Addresses written in the URL, or this machine's own: no name server is involved. */
  | { readonly kind: "addresses"; readonly addresses: readonly string[] }
  /** A name to resolve, in lower case, in ASCII and without a trailing dot. */
  | { readonly kind: "name"; readonly name: string };

export type UrlJudgement =
  | { readonly allowed: true; readonly target: UrlTarget }
  | { readonly allowed: false; readonly reason: UrlRefusalReason };

export type UrlText =
  | { readonly valid: true; readonly url: URL }
  | { readonly valid: false; readonly reason: UrlRefusalReason };

/**
 * Parses a URL someone typed. Anything the URL parser would silently repair (white space, backslashes, missing slashes)
 * is refused, so that the host people read is the host that is called.
 */
export function readUrl(text: string): UrlText {
  const typed = text.trim();
  if (typed.length > URL_LENGTH_MAX) return { valid: false, reason: "too_long" };
  const url = URL.parse(typed);
  if (url === null) return { valid: false, reason: "not_a_url" };
  if (!isHttp(url)) return { valid: false, reason: "scheme_not_allowed" };
  const authority = /^https?:\/\/([^/?#]+)/i.exec(typed)?.[1];
  if (authority === undefined || CONTROL_SPACE_OR_BACKSLASH.test(typed)) {
    return { valid: false, reason: "not_a_url" };
  }
  // The parser drops an empty user name, so that `https://@host` would pass.
  if (authority.includes("@")) return { valid: false, reason: "user_info" };
  if (url.href.length > URL_LENGTH_MAX) return { valid: false, reason: "too_long" };
  return { valid: true, url };
}

const CONTROL_SPACE_OR_BACKSLASH = /[\p{Cc}\p{Z}\\]/u;

/**
 * Judges all of a parsed URL except the addresses it resolves to. The parser has normalized the host (including
 * decimal, octal, hexadecimal and short IPv4, full-width digits and IDN), and only that form is judged.
 */
export function judgeUrl(url: URL, judgeAddress: AddressPolicy): UrlJudgement {
  if (!isHttp(url)) return refused("scheme_not_allowed");
  if (url.username !== "" || url.password !== "") return refused("user_info");
  if (isRefusedPort(url.port)) return refused("port_not_allowed");

  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (isIP(host) !== 0) return { allowed: true, target: { kind: "addresses", addresses: [host] } };
  if (!isDnsName(host)) return refused("hostname_not_allowed");
  if (METADATA_NAMES.has(host)) return refused("metadata_address");
  if (isUnder(host, "localhost") || LOOPBACK_NAMES.has(host)) {
    // RFC 6761, section 6.3: these names mean this machine, whatever a name server says.
    const addresses = ["127.0.0.1", "::1"].filter((address) => judgeAddress(address).kind === "open");
    if (addresses.length === 0) return refused("loopback_address");
    return { allowed: true, target: { kind: "addresses", addresses } };
  }
  if (isUnder(host, INSPECTOR_HOST)) return refused("inspector_name");
  if (NOT_DNS.some((suffix) => isUnder(host, suffix))) return refused("hostname_not_allowed");
  return { allowed: true, target: { kind: "name", name: host } };
}

/**
 * Names of clouds' metadata services. Other private-use names (`*.internal`, `*.local`, `*.home.arpa`, single labels)
 * are judged by their addresses, so that an operator can open them with a range.
 */
const METADATA_NAMES = new Set([
  "metadata",
  "metadata.google.internal",
  "metadata.goog",
  "metadata.azure.internal",
  "metadata.tencentyun.com",
  "instance-data",
  "instance-data.ec2.internal",
]);

/** Names for 127.0.0.1 and ::1 in the hosts files of common systems, besides `localhost` itself. */
const LOOPBACK_NAMES = new Set([
  "localhost.localdomain",
  "localhost4",
  "localhost4.localdomain4",
  "localhost6",
  "localhost6.localdomain6",
  "ip6-localhost",
  "ip6-loopback",
]);

/** Names that must not be looked up in DNS: RFC 7686, RFC 9476, and RFC 6761, section 6.4. */
const NOT_DNS = ["onion", "alt", "invalid"];

const DNS_LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const DNS_NAME_LENGTH_MAX = 253;

function isDnsName(host: string): boolean {
  return host.length <= DNS_NAME_LENGTH_MAX && host.split(".").every((label) => DNS_LABEL.test(label));
}

function isUnder(host: string, suffix: string): boolean {
  return host === suffix || host.endsWith(`.${suffix}`);
}

function isHttp(url: URL): boolean {
  return url.protocol === "https:" || url.protocol === "http:";
}

function refused(reason: UrlRefusalReason): UrlJudgement {
  return { allowed: false, reason };
}
