import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createAddressPolicy } from "./address-policy.ts";

function verdicts(
  options: Partial<Parameters<typeof createAddressPolicy>[0]>,
  addresses: readonly string[],
): Record<string, string> {
  const judge = createAddressPolicy({ allowedCidrs: [], allowLoopback: false, ...options });
  return Object.fromEntries(
    addresses.map((address) => {
      const verdict = judge(address);
      return [address, verdict.kind === "refused" ? verdict.reason : verdict.kind];
    }),
  );
}

suite("an address policy", () => {
  test("allows public addresses and refuses anything that is not an address", () => {
    assert.deepEqual(
      verdicts({}, ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "", "10", "010.0.0.1", "a.b"]),
      {
        "8.8.8.8": "public",
        "2606:4700::1111": "public",
        "::ffff:8.8.8.8": "public",
        "": "reserved_address",
        "10": "reserved_address",
        "010.0.0.1": "reserved_address",
        "a.b": "reserved_address",
      },
    );
  });

  test("opens loopback in both families and in mapped form, but not through a translator", () => {
    const addresses = [
      "127.0.0.1",
      "127.9.9.9",
      "::1",
      "::ffff:127.0.0.1",
      "64:ff9b::7f00:1",
      "0.0.0.0",
      "::",
    ];
    assert.deepEqual(verdicts({ allowLoopback: true }, [...addresses, "10.0.0.1"]), {
      "127.0.0.1": "open",
      "127.9.9.9": "open",
      "::1": "open",
      "::ffff:127.0.0.1": "open",
      "64:ff9b::7f00:1": "loopback_address",
      "0.0.0.0": "unspecified_address",
      "::": "unspecified_address",
      "10.0.0.1": "private_address",
    });
  });

  test("opens only the ranges an operator names, including their mapped form", () => {
    const allowedCidrs = ["10.1.0.0/16", "192.168.7.7/32", "fd12::/16", "127.0.0.0/8"];
    const addresses = ["10.1.255.255", "10.2.0.0", "::ffff:10.1.2.3", "2002:a01:203::", "64:ff9b::a01:203"];
    const more = ["192.168.7.7", "192.168.7.8", "fd12::1", "fd13::1", "127.0.0.1", "::1"];
    assert.deepEqual(verdicts({ allowedCidrs }, [...addresses, ...more]), {
      "10.1.255.255": "open",
      "10.2.0.0": "private_address",
      "::ffff:10.1.2.3": "open",
      "2002:a01:203::": "private_address",
      "64:ff9b::a01:203": "private_address",
      "192.168.7.7": "open",
      "192.168.7.8": "private_address",
      "fd12::1": "open",
      "fd13::1": "private_address",
      "127.0.0.1": "open",
      "::1": "loopback_address",
    });
  });

  test("opens a metadata address only by an exact entry, never within a range", () => {
    const addresses = [
      "169.254.169.254",
      "169.254.1.1",
      "::ffff:169.254.169.254",
      "fd00:ec2::254",
      "10.0.0.1",
    ];
    assert.deepEqual(verdicts({ allowedCidrs: ["0.0.0.0/0", "::/0"] }, addresses), {
      "169.254.169.254": "metadata_address",
      "169.254.1.1": "open",
      "::ffff:169.254.169.254": "metadata_address",
      "fd00:ec2::254": "metadata_address",
      "10.0.0.1": "open",
    });
    assert.deepEqual(verdicts({ allowedCidrs: ["169.254.169.254/32", "fd00:ec2::254/128"] }, addresses), {
      "169.254.169.254": "open",
      "169.254.1.1": "link_local_address",
      "::ffff:169.254.169.254": "open",
      "fd00:ec2::254": "open",
      "10.0.0.1": "private_address",
    });
    assert.deepEqual(verdicts({ allowedCidrs: ["fd00::/8"] }, ["fd00:ec2::254%eth0", "fd00::1%eth0"]), {
      "fd00:ec2::254%eth0": "metadata_address",
      "fd00::1%eth0": "open",
    });
  });

  test("cannot be built from an invalid range", () => {
    for (const cidr of ["10.0.0.0", "10.0.0.0/33", "example.com/8", ""]) {
      assert.throws(
        () => createAddressPolicy({ allowedCidrs: [cidr], allowLoopback: false }),
        /not an address range/,
      );
    }
  });
});
