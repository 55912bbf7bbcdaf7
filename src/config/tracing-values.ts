import { isPercentEncoded } from "./database-url.ts";
import { OptionError } from "./option-error.ts";

/** The samplers of OpenTelemetry's specification that need no other program. */
const SAMPLERS = [
  "always_on",
  "always_off",
  "traceidratio",
  "parentbased_always_on",
  "parentbased_always_off",
  "parentbased_traceidratio",
] as const;
export type SamplerName = (typeof SAMPLERS)[number];

/** A header's name as in RFC 9110, section 5.1, or an attribute's key. */
const KEY = /^[\w!#$%&'*+.^`|~/-]+$/;

/** The URL that traces are posted to: the endpoint with `/v1/traces` appended to its path. */
export function parseTracesEndpoint(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new OptionError("must be an http:// or https:// URL");
  if (/[?#]/.test(text)) throw new OptionError("must have no query");
  url.pathname = `${url.pathname.replace(/\/$/, "")}/v1/traces`;
  return url.href;
}

/** Comma-separated `name=value` pairs with percent-encoded values (W3C Baggage, as in OpenTelemetry's variables). */
export function parsePairs(text: string): Readonly<Record<string, string>> {
  const pairs = text
    .split(",")
    .map((pair) => pair.trim())
    .filter((pair) => pair !== "")
    .map((pair) =>
      /^([^=]+)=(.*)$/
        .exec(pair)
        ?.slice(1, 3)
        .map((part) => part.trim()),
    );
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = "", value = ""] = pair ?? [];
      if (!KEY.test(name) || !isPercentEncoded(value)) {
        throw new OptionError(
          "must be name=value pairs with commas between; encode a comma in a value as %2C",
        );
      }
      return [name, decodeURIComponent(value)];
    }),
  );
}

/** Pairs for request headers: a value with a line break would be refused when it is sent. */
export function parseHeaderPairs(text: string): Readonly<Record<string, string>> {
  const pairs = parsePairs(text);
  if (Object.values(pairs).some((value) => !/^[\x20-\x7e\t]*$/.test(value))) {
    throw new OptionError("must have values of visible ASCII characters and spaces");
  }
  return pairs;
}

export function parseSampler(text: string): SamplerName {
  const name = SAMPLERS.find((name) => name === text.trim().toLowerCase());
  if (name === undefined) throw new OptionError(`must be one of ${SAMPLERS.join(", ")}`);
  return name;
}

export function parseRatio(text: string): number {
  const ratio = Number(text);
  if (!/^[\d.]+$/.test(text) || !(ratio >= 0 && ratio <= 1)) throw new OptionError("must be from 0 to 1");
  return ratio;
}
