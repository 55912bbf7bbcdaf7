import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { findUrlMistake } from "../domain/url-mistake.ts";
import { isPercentEncoded } from "./database-url.ts";
import { OptionError } from "./option-error.ts";

export function parseHost(text: string): string {
  const host = text.replace(/^\[|\]$/g, "");
  if (isIP(host) === 0 && !/^[a-z0-9.-]+$/i.test(host))
    throw new OptionError("must be an IP address or a host name");
  return host;
}

export function parsePublicUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new OptionError("must be an http:// or https:// URL");
  if (findUrlMistake(text) !== null)
    throw new OptionError("must be a URL without a placeholder, quotes or invisible characters");
  if (url.href !== `${url.origin}/`) {
    throw new OptionError("must be an origin only: scheme, host and port, without path, query or user info");
  }
  return url.origin;
}

export function parseCidrs(text: string): readonly string[] {
  const entries = text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  for (const entry of entries) {
    // Shorthand and octal forms are refused: `10/8` would be read as 0.0.0.10/8.
    const [address = ""] = entry.split("/");
    if (isIP(address) === 0 || !(ipaddr.isValid(entry) || ipaddr.isValidCIDR(entry))) {
      throw new OptionError(
        "must be addresses or ranges such as 10.0.0.0/8 or fd00::/8, with commas between",
      );
    }
  }
  return entries.map((entry) => (entry.includes("/") ? entry : `${entry}/${isIP(entry) === 6 ? 128 : 32}`));
}

export function parseProxyUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new OptionError("must be an http:// or https:// URL");
  if (url.pathname !== "/" || /[?#]/.test(text) || !isPercentEncoded(url.username + url.password)) {
    throw new OptionError(
      "must have no path or query; encode # / ? @ and % in user and password as %23 %2F %3F %40 and %25",
    );
  }
  return url.href;
}
