import ipaddr from "ipaddr.js";

/** A household or a server gets a /64 network (RFC 6177) and can call from any address in it. */
const NETWORK_GROUPS = 4;

/**
 * The unit that per-address limits count: an IPv4 address, also when written as IPv6 (RFC 4291, section 2.5.5.2), or
 * the /64 network of an IPv6 address. Text that is not an address is returned unchanged.
 */
export function addressSubject(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  const groups = parsed.parts.slice(0, NETWORK_GROUPS).map((group) => group.toString(16));
  return `${groups.join(":")}::/64`;
}
