import assert from "node:assert/strict";
import { scryptSync } from "node:crypto";
import { suite, test } from "node:test";
import fc from "fast-check";
import {
  createKeyring,
  equalInConstantTime,
  fingerprintUrl,
  readKeyMaterial,
  WeakKeyError,
} from "./keyring.ts";
import { seal, unseal } from "./seal.ts";

const HEX = "8f1c2b3a4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7a8b9c0d1e2f304152";
const OTHER = "correct horse battery staple";
const ZAPIER = "https://hooks.zapier.com/hooks/catch/123/abc";

suite("key material", () => {
  const bytes = Buffer.from(HEX, "hex");
  const FORMS: Record<string, string> = {
    base64: bytes.toString("base64"),
    "base64 without padding": bytes.toString("base64").replace("=", ""),
    base64url: bytes.toString("base64url"),
    hexadecimal: HEX,
    "upper-case hexadecimal": HEX.toUpperCase(),
    "base64 within white space": ` ${bytes.toString("base64")}\r\n`,
    "hexadecimal within white space": `\t${HEX}\n`,
  };

  for (const [form, material] of Object.entries(FORMS)) {
    test(`as ${form} is its 32 bytes`, () => assert.deepEqual(readKeyMaterial(material), bytes));
  }

  test("as base64 or hexadecimal is its bytes, whatever they are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (array) => {
        fc.pre(new Set(array).size > 8);
        const bytes = Buffer.from(array);
        for (const encoding of ["base64", "base64url", "hex"] as const) {
          assert.deepEqual(readKeyMaterial(bytes.toString(encoding)), bytes);
        }
      }),
    );
  });

  test("as text is stretched with scrypt, the same in every version", () => {
    const salt = "opensend/integration-secret-encryption-key/v1";
    assert.deepEqual(readKeyMaterial(OTHER), scryptSync(OTHER, salt, 32, { N: 16_384, r: 8, p: 1 }));
    assert.equal(
      readKeyMaterial(` ${OTHER}\n`).toString("hex"),
      "035efef694239a446e79cd1b4de58b8970688cd576475ce8b00ad2d60485b57d",
    );
  });

  test("as text needs only 16 characters", () => {
    assert.equal(readKeyMaterial("k3Y!mAt3r1aL#x9Z").length, 32);
  });

  const almost = { hex: HEX.slice(1), base64: bytes.toString("base64").slice(2) };
  for (const [form, material] of Object.entries(almost)) {
    test(`that is almost ${form} is stretched like any text, not cut`, () => {
      assert.equal(readKeyMaterial(material).length, 32);
      assert.notDeepEqual(readKeyMaterial(material), Buffer.from(material, form as BufferEncoding));
    });
  }
});

suite("weak key material is refused", () => {
  const WEAK: Record<string, string> = {
    empty: "",
    "only white space": " ".repeat(40),
    "fifteen characters": "k3Y!mAt3r1aL#x9",
    "fifteen characters within white space": "  k3Y!mAt3r1aL#x9  ",
    "one character": "a".repeat(64),
    "two characters": "ab".repeat(16),
    "few distinct characters": "abcdeedcbaabcdeabcde",
    "a word twice": "passwordpassword",
    "a word twice and a bit": "passwordpasswordpass",
    "zero bytes as base64": Buffer.alloc(32).toString("base64"),
    "zero bytes as hexadecimal": "00".repeat(32),
  };

  for (const [what, material] of Object.entries(WEAK)) {
    test(`${what}, without revealing it`, () => {
      assert.throws(
        () => readKeyMaterial(material),
        (error) => {
          assert.ok(error instanceof WeakKeyError);
          const words = material.trim();
          if (words !== "") assert.ok(!String(error.stack).includes(words));
          return true;
        },
      );
    });
  }

  test("also as a previous key", () => {
    assert.throws(() => createKeyring(HEX, ["short"]), WeakKeyError);
  });
});

suite("a keyring", () => {
  test("seals with the current key and opens with every key", () => {
    const ring = createKeyring(HEX, [OTHER]);
    const [current, previous] = [createKeyring(HEX).current, createKeyring(OTHER).current];
    assert.deepEqual(ring.current, current);
    assert.deepEqual([...ring.byId.keys()].sort(), [current.id, previous.id].sort());
    assert.deepEqual(ring.byId.get(previous.id), previous);
  });

  test("gives a key the same id in every process and in each of its forms", () => {
    const base64 = Buffer.from(HEX, "hex").toString("base64");
    assert.equal(createKeyring(HEX).current.id, "cda057a0");
    assert.equal(createKeyring(base64).current.id, "cda057a0");
  });

  test("treats the current key among the previous ones as the same key", () => {
    const ring = createKeyring(HEX, [HEX.toUpperCase(), OTHER, OTHER]);
    assert.equal(ring.byId.size, 2);
    assert.equal(ring.byId.get(ring.current.id)?.id, ring.current.id);
  });

  test("derives keys that differ from each other, from the material and between materials", () => {
    const keys = [createKeyring(HEX).current, createKeyring(OTHER).current];
    const derived = keys.flatMap((key) => [key.sealing, key.fingerprint]);
    const all = [...derived.map((key) => key.toString("hex")), HEX];
    assert.equal(new Set(all).size, 5);
    assert.ok(derived.every((key) => key.length === 32));
    assert.match(keys.map((key) => key.id).join(), /^[0-9a-f]{8},[0-9a-f]{8}$/);
    assert.notEqual(keys[0]?.id, keys[1]?.id);
  });
});

suite("a fingerprint", () => {
  const key = createKeyring(HEX).current;
  const otherKey = createKeyring(OTHER).current;

  test("is six hexadecimal characters, equal for equal URLs", () => {
    fc.assert(
      fc.property(fc.webUrl(), (url) => {
        assert.match(fingerprintUrl(key, url), /^[0-9a-f]{6}$/);
        assert.equal(fingerprintUrl(key, url), fingerprintUrl(createKeyring(HEX).current, url));
      }),
    );
  });

  test("differs between URLs and between keys", () => {
    const fingerprints = [
      fingerprintUrl(key, ZAPIER),
      fingerprintUrl(key, `${ZAPIER}/`),
      fingerprintUrl(otherKey, ZAPIER),
    ];
    assert.equal(new Set(fingerprints).size, 3);
  });

  test("stays the same between versions", () => assert.equal(fingerprintUrl(key, ZAPIER), "4c3e9f"));
});

test("texts compare equal in constant time exactly when they are equal", () => {
  fc.assert(fc.property(fc.string(), (text) => equalInConstantTime(text, text)));
  for (const [a, b] of [
    ["a", "b"],
    ["a", "aa"],
    ["", "a"],
    ["é", "e"],
  ] as const) {
    assert.ok(!equalInConstantTime(a, b));
    assert.ok(!equalInConstantTime(b, a));
  }
});

suite("two keys with one id", () => {
  // Found by trying: each id is 32 bits of a digest.
  const ONE = "d8b66738d1c1ed221aacbac9b311b458ac4cee70815887bdff922e8e110d76b1";
  const TWIN = "15289589ee311b8a992e4b9f369ea3e7d12ee744fa243b575f8f8d3f2eac9496";

  for (const [current, previous] of [
    [ONE, TWIN],
    [TWIN, ONE],
  ] as const) {
    test("let the current one open what it sealed", () => {
      const ring = createKeyring(current, [previous]);
      assert.equal(createKeyring(previous).current.id, ring.current.id);
      assert.notDeepEqual(createKeyring(previous).current.sealing, ring.current.sealing);
      assert.equal(ring.byId.get(ring.current.id), ring.current);
      const binding = { workspaceId: "w", connectionId: "c" };
      assert.equal(unseal(ring, binding, seal(ring, binding, "text")), "text");
    });
  }

  test("keep the first of two previous ones", () => {
    const ring = createKeyring(OTHER, [ONE, TWIN]);
    const { id, sealing } = createKeyring(ONE).current;
    assert.deepEqual(ring.byId.get(id)?.sealing, sealing);
  });
});
