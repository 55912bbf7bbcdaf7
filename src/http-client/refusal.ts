import { isIP } from "node:net";
import { redactHost } from "../domain/redact-url.ts";
import { URL_MISTAKES, type UrlMistake } from "../domain/url-mistake.ts";

/** Kinds of addresses that are not public; each completes "the address is …". */
const ADDRESS_KINDS = {
  unspecified_address: "the unspecified address",
  loopback_address: "a loopback address",
  private_address: "a private network address",
  link_local_address: "a link-local address",
  metadata_address: "the address of a cloud metadata service",
  shared_address: "a carrier-grade NAT address",
  multicast_address: "a multicast address",
  broadcast_address: "the broadcast address",
  documentation_address: "an address reserved for documentation",
  benchmarking_address: "an address reserved for benchmarking",
  tunnelled_address: "an IPv6 address that tunnels to an IPv4 address",
  translated_address: "an IPv6 address that is translated to an IPv4 address",
  reserved_address: "a reserved address",
} as const;

export type AddressRefusalReason = keyof typeof ADDRESS_KINDS;

export type UrlRefusalReason =
  | "not_a_url"
  | "too_long"
  | "scheme_not_allowed"
  | "https_required"
  | "user_info"
  | "port_not_allowed"
  | "hostname_not_allowed"
  | "inspector_name"
  | UrlMistake
  | AddressRefusalReason;

export function isAddressRefusal(reason: UrlRefusalReason): reason is AddressRefusalReason {
  return Object.hasOwn(ADDRESS_KINDS, reason);
}

/** Explains a refusal and its fix in public sentences, which show only the redacted host. */
export function explainRefusal(reason: UrlRefusalReason, url: URL | null): string {
  const host = url === null ? "This host" : redactHost(url);
  if (isAddressRefusal(reason)) return explainAddressRefusal(reason, host);
  if (isSlip(reason)) return URL_MISTAKES[reason];
  switch (reason) {
    case "not_a_url":
      return "This is not a complete URL. Enter it as https://host/path, without spaces or backslashes.";
    case "too_long":
      return "The URL is longer than 2048 characters. Enter a shorter one.";
    case "scheme_not_allowed":
      return "The URL does not start with https://. Enter an https:// URL.";
    case "https_required":
      return `${host} is not in a range that may be called without encryption. Enter an https:// URL, or add its range to OPENSEND_OUTBOUND_ALLOWED_CIDRS.`;
    case "user_info":
      return "The URL has a user name or password before the host. Remove it, and the @ behind it.";
    case "port_not_allowed":
      return "The port of the URL belongs to a service that is not a web server. Use port 443 or another port of a web server.";
    case "hostname_not_allowed":
      return `${host} is not a host name on the internet. Enter the public name of the receiver.`;
    case "inspector_name":
      return "This name belongs to the built-in inspector, which cannot be reached by URL. Use the inspector's button in the dashboard, or POST /api/integrations/inspector.";
  }
}

function isSlip(reason: UrlRefusalReason): reason is UrlMistake {
  return Object.hasOwn(URL_MISTAKES, reason);
}

function explainAddressRefusal(reason: AddressRefusalReason, host: string): string {
  const verb = isIP(host.replace(/^\[|\]$/g, "")) === 0 ? "leads to" : "is";
  const wrong = `${host} ${verb} ${ADDRESS_KINDS[reason]}, and events are sent only to public addresses.`;
  if (reason === "metadata_address") return `${wrong} Enter the public URL of the receiver.`;
  return `${wrong} Enter a public URL, or add the receiver's range to OPENSEND_OUTBOUND_ALLOWED_CIDRS.`;
}
