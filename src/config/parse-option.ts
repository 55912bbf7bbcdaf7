import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { findUrlSlip } from "../domain/url-slip.ts";

export class OptionError extends Error {
  override readonly name = "OptionError";
}

const LOG_LEVELS = ["silent", "fatal", "error", "warn", "info", "debug", "trace"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export function parseText(text: string): string {
  return text.trim();
}

export function parseInteger(text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text.trim()) || value < min || value > max) {
    throw new OptionError(`must be a whole number from ${min} to ${max}`);
  }
  return value;
}

export function parsePort(text: string): number {
  return parseInteger(text, 0, 65_535);
}

export function parseHost(text: string): string {
  const host = text.trim().replace(/^\[|\]$/g, "");
  if (isIP(host) === 0 && !/^[a-z0-9.-]+$/i.test(host))
    throw new OptionError("must be an IP address or a host name");
  return host;
}

export function parsePublicUrl(text: string): string {
  const url = URL.parse(text.trim());
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new OptionError("must be an http:// or https:// URL");
  if (findUrlSlip(text) !== null)
    throw new OptionError("must be a URL without a placeholder, quotes or invisible characters");
  if (url.href !== `${url.origin}/`) {
    throw new OptionError("must be an origin only: scheme, host and port, without path, query or user info");
  }
  return url.origin;
}

export function parseLogLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((level) => level === text.trim().toLowerCase());
  if (level === undefined) throw new OptionError(`must be one of ${LOG_LEVELS.join(", ")}`);
  return level;
}

export function parseDatabaseUrl(text: string): string {
  if (!/^postgres(ql)?:\/\//.test(text.trim()) || URL.parse(text.trim()) === null) {
    throw new OptionError("must be a postgres:// URL; leave it out for the embedded SQLite database");
  }
  return text.trim();
}

export function parseSessionSecret(text: string): string {
  if (text.trim().length < 32) throw new OptionError("must have at least 32 random characters");
  return text.trim();
}

export function parseMetricsToken(text: string): string {
  if (!/^\S{16,}$/.test(text.trim()))
    throw new OptionError("must have at least 16 random characters, without spaces");
  return text.trim();
}

export function parseDays(text: string): number {
  return parseInteger(text, 0, 36_500);
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
  const url = URL.parse(text.trim());
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new OptionError("must be an http:// or https:// URL");
  return url.href;
}
