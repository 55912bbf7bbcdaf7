import type { AddressRefusalReason } from "./refusal.ts";

type SpecialRange = readonly [cidr: string, reason: AddressRefusalReason];

/**
 * IANA IPv4 Special-Purpose Address Registry and IPv4 Multicast Address Space (RFC 6890, RFC 5771). Includes the ranges
 * that the registry calls globally reachable but that never host a receiver: AS112, AMT and the 6to4 relay anycast.
 * First match wins.
 */
export const IPV4_SPECIAL_RANGES: readonly SpecialRange[] = [
  ["0.0.0.0/8", "unspecified_address"],
  ["10.0.0.0/8", "private_address"],
  ["100.64.0.0/10", "shared_address"],
  ["127.0.0.0/8", "loopback_address"],
  ["169.254.0.0/16", "link_local_address"],
  ["172.16.0.0/12", "private_address"],
  ["192.0.0.0/24", "reserved_address"],
  ["192.0.2.0/24", "documentation_address"],
  ["192.31.196.0/24", "reserved_address"],
  ["192.52.193.0/24", "reserved_address"],
  ["192.88.99.0/24", "tunnelled_address"],
  ["192.168.0.0/16", "private_address"],
  ["192.175.48.0/24", "reserved_address"],
  ["198.18.0.0/15", "benchmarking_address"],
  ["198.51.100.0/24", "documentation_address"],
  ["203.0.113.0/24", "documentation_address"],
  ["224.0.0.0/4", "multicast_address"],
  ["255.255.255.255/32", "broadcast_address"],
  ["240.0.0.0/4", "reserved_address"],
];

/**
 * IANA IPv6 Special-Purpose Address Registry and Address Space (RFC 6890, RFC 4291). Addresses outside 2000::/3 that
 * are not listed here are reserved too. Addresses that contain an IPv4 address are in `embedded-ipv4.ts`. First match
 * wins.
 */
export const IPV6_SPECIAL_RANGES: readonly SpecialRange[] = [
  ["::/128", "unspecified_address"],
  ["::1/128", "loopback_address"],
  ["2001:2::/48", "benchmarking_address"],
  // The rest of 2001::/23 has protocol assignments: Teredo, AMT, AS112, ORCHID, drone identifiers.
  ["2001::/23", "reserved_address"],
  ["2001:db8::/32", "documentation_address"],
  ["2620:4f:8000::/48", "reserved_address"],
  ["3ffe::/16", "reserved_address"],
  ["3fff::/20", "documentation_address"],
  ["fc00::/7", "private_address"],
  ["fe80::/10", "link_local_address"],
  // Site-local, the deprecated predecessor of fc00::/7 (RFC 3879).
  ["fec0::/10", "private_address"],
  ["ff00::/8", "multicast_address"],
];

/** The only block from which public unicast addresses are assigned. */
export const IPV6_GLOBAL_UNICAST = "2000::/3";

/**
 * Addresses where clouds return credentials of the calling machine. Some are publicly routed (Azure) or lie in a range
 * an operator may want to open for other reasons, so they are listed apart from the ranges above.
 */
export const METADATA_ADDRESSES: readonly string[] = [
  // AWS, Google Cloud, Azure, DigitalOcean, Hetzner, OpenStack
  "169.254.169.254",
  // AWS: container credentials, pod identity, resolver, time
  "169.254.170.2",
  "169.254.170.23",
  "169.254.169.253",
  "169.254.169.123",
  "fd00:ec2::254",
  "fd00:ec2::23",
  "fd00:ec2::253",
  // Google Cloud over IPv6
  "fd20:ce::254",
  // Azure WireServer
  "168.63.129.16",
  // Alibaba Cloud
  "100.100.100.200",
  // Oracle Cloud
  "192.0.0.192",
  // Tencent Cloud
  "169.254.0.23",
  // Scaleway
  "169.254.42.42",
  "fd00:42::42",
];
