import ipaddr from "ipaddr.js";
import type { AddressRefusalReason } from "./refusal.ts";

export type EmbeddedIpv4 = {
  /** Every IPv4 address found inside; all of them are judged. */
  readonly addresses: readonly ipaddr.IPv4[];
  /** Why the form is refused even if the address inside is public; null if the form is allowed. */
  readonly refusedAs: AddressRefusalReason | null;
};

type Form = {
  readonly cidr: string;
  readonly refusedAs: AddressRefusalReason | null;
  readonly carried: (bytes: readonly number[]) => readonly (readonly number[])[];
};

const LAST_FOUR = (bytes: readonly number[]) => [bytes.slice(12, 16)];

const FORMS: readonly Form[] = [
  // NAT64 with the well-known prefix (RFC 6052): how an IPv6-only host reaches public IPv4 receivers.
  { cidr: "64:ff9b::/96", refusedAs: null, carried: LAST_FOUR },
  // NAT64 for local use (RFC 8215): the position of the IPv4 address depends on the network.
  { cidr: "64:ff9b:1::/48", refusedAs: "translated_address", carried: LAST_FOUR },
  // IPv4-translated, SIIT (RFC 2765)
  { cidr: "::ffff:0:0:0/96", refusedAs: "translated_address", carried: LAST_FOUR },
  // IPv4-compatible, deprecated (RFC 4291, section 2.5.5.1)
  { cidr: "::/96", refusedAs: "tunnelled_address", carried: LAST_FOUR },
  // 6to4 (RFC 3056)
  { cidr: "2002::/16", refusedAs: "tunnelled_address", carried: (bytes) => [bytes.slice(2, 6)] },
  // Teredo (RFC 4380): the server as it is, the client with every bit inverted
  {
    cidr: "2001::/32",
    refusedAs: "tunnelled_address",
    carried: (bytes) => [bytes.slice(12, 16).map((byte) => byte ^ 0xff), bytes.slice(4, 8)],
  },
];

const PARSED_FORMS = FORMS.map((form) => ({ ...form, range: ipaddr.IPv6.parseCIDR(form.cidr) }));

/** The IPv4 addresses inside an IPv6 address of a tunnel or a translator; null for a plain one. */
export function embeddedIpv4(address: ipaddr.IPv6): EmbeddedIpv4 | null {
  const bytes = address.toByteArray();
  const form = PARSED_FORMS.find(({ range }) => address.match(range));
  const found = form ?? (isIsatap(bytes) ? ISATAP : null);
  if (found === null) return null;
  const addresses = found.carried(bytes).map((octets) => new ipaddr.IPv4([...octets]));
  return { addresses, refusedAs: found.refusedAs };
}

/** ISATAP hides an IPv4 address in the interface identifier below any prefix (RFC 5214, section 6.1). */
const ISATAP = { refusedAs: "tunnelled_address", carried: LAST_FOUR } as const;

function isIsatap(bytes: readonly number[]): boolean {
  const [u = -1, zero, five, fe] = bytes.slice(8, 12);
  return (u & 0xfd) === 0 && zero === 0 && five === 0x5e && fe === 0xfe;
}
