import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { embeddedIpv4 } from "./embedded-ipv4.ts";
import type { AddressRefusalReason } from "./refusal.ts";
import {
  IPV4_SPECIAL_RANGES,
  IPV6_GLOBAL_UNICAST,
  IPV6_SPECIAL_RANGES,
  METADATA_ADDRESSES,
} from "./special-ranges.ts";

/** `public` can be called over https, `open` (a range the operator opened, or allowed loopback) over http too. */
export type AddressVerdict =
  | { readonly kind: "public" | "open" }
  | { readonly kind: "refused"; readonly reason: AddressRefusalReason };

/** Judges one address as text. Anything but an address is refused. */
export type AddressPolicy = (address: string) => AddressVerdict;

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = [Address, number];

const PUBLIC = { kind: "public" } as const;
const OPEN = { kind: "open" } as const;

const SPECIAL_RANGES = [...IPV4_SPECIAL_RANGES, ...IPV6_SPECIAL_RANGES].map(
  ([cidr, reason]) => ({ range: ipaddr.parseCIDR(cidr), reason }) as const,
);
const GLOBAL_UNICAST = ipaddr.parseCIDR(IPV6_GLOBAL_UNICAST);
const METADATA = new Set(METADATA_ADDRESSES.map((address) => ipaddr.parse(address).toString()));

/**
 * Decides which addresses can be called. `allowedCidrs` opens ranges for https and plain http. A metadata address opens
 * only by an entry for exactly that address (/32 or /128), so that opening 10.0.0.0/8 or even 0.0.0.0/0 for a receiver
 * never exposes the machine's cloud credentials.
 *
 * @throws when an entry of `allowedCidrs` is not a range in CIDR notation.
 */
export function createAddressPolicy(options: {
  readonly allowedCidrs: readonly string[];
  readonly allowLoopback: boolean;
}): AddressPolicy {
  const opened = options.allowedCidrs.map(parseRange);

  const isOpened = (address: Address) => opened.some((range) => contains(range, address));
  const isOpenedAlone = (address: Address) =>
    opened.some((range) => range[1] === bitsOf(address) && contains(range, address));

  const judge = (address: Address): AddressVerdict => {
    const embedded = address.kind() === "ipv6" ? embeddedIpv4(address as ipaddr.IPv6) : null;
    const own = specialReason(address);
    const isPlain = embedded === null || own === "loopback_address" || own === "unspecified_address";
    const carried = isPlain ? [] : embedded.addresses;

    if ([address, ...carried].some(isMetadata)) {
      return isOpenedAlone(address) ? OPEN : { kind: "refused", reason: "metadata_address" };
    }
    if (isOpened(address)) return OPEN;
    if (own === "loopback_address" && options.allowLoopback) return OPEN;
    if (isPlain) return own === null ? PUBLIC : { kind: "refused", reason: own };

    const carriedReason = carried.map(specialReason).find((reason) => reason !== null);
    const reason = carriedReason ?? embedded.refusedAs;
    return reason === null ? PUBLIC : { kind: "refused", reason };
  };

  return (text) => {
    if (isIP(text) === 0) return { kind: "refused", reason: "reserved_address" };
    // `process` turns ::ffff:a.b.c.d into a.b.c.d, where the kernel sends it. A zone changes nothing.
    return judge(ipaddr.process(text.replace(/%.*$/, "")));
  };
}

function specialReason(address: Address): AddressRefusalReason | null {
  const special = SPECIAL_RANGES.find(({ range }) => contains(range, address));
  if (special !== undefined) return special.reason;
  if (address.kind() === "ipv4" || contains(GLOBAL_UNICAST, address)) return null;
  return "reserved_address";
}

function isMetadata(address: Address): boolean {
  return METADATA.has(address.toString());
}

function parseRange(cidr: string): Range {
  if (!ipaddr.isValidCIDR(cidr)) throw new Error(`"${cidr}" is not an address range such as 10.0.0.0/8.`);
  return ipaddr.parseCIDR(cidr);
}

function contains(range: Range, address: Address): boolean {
  return range[0].kind() === address.kind() && address.match(range);
}

function bitsOf(address: Address): 32 | 128 {
  return address.kind() === "ipv4" ? 32 : 128;
}
