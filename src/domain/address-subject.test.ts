import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { addressSubject } from "./address-subject.ts";

suite("the subject of an address limit", () => {
  const ROWS: readonly [address: string, subject: string][] = [
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["::ffff:c000:207", "192.0.2.7"],
    ["2001:db8:1:2::1", "2001:db8:1:2::/64"],
    ["2001:DB8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"],
    ["2001:db8:1:3::1", "2001:db8:1:3::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["unknown", "unknown"],
    ["", ""],
  ];
  for (const [address, subject] of ROWS) {
    test(`${JSON.stringify(address)} counts as ${subject}`, () =>
      assert.equal(addressSubject(address), subject));
  }
});
