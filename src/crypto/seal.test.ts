import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { createKeyring } from "./keyring.ts";
import { keyIdOf, type SealBinding, seal, UnsealError, unseal } from "./seal.ts";

const HEX = "8f1c2b3a4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7a8b9c0d1e2f304152";
const RING = createKeyring(HEX);
const OTHER = createKeyring("correct horse battery staple");
const ROW: SealBinding = {
  workspaceId: "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11",
  connectionId: "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e12",
};
const SECRET = "https://hooks.zapier.com/hooks/catch/123/abc";

/** The ciphertext with one byte of its payload (nonce, ciphertext, tag) changed. */
function withByteChanged(sealed: string, index: number): string {
  const [version, keyId, payload = ""] = sealed.split(".");
  const bytes = Buffer.from(payload, "base64url");
  bytes.writeUInt8(bytes.readUInt8(index) ^ 1, index);
  return [version, keyId, bytes.toString("base64url")].join(".");
}

function payloadOf(sealed: string): Buffer {
  return Buffer.from(sealed.split(".")[2] ?? "", "base64url");
}

/** Asserts that it does not open, that the error names the key and that it reveals nothing else. */
function assertSealed(attempt: () => string, keyId: string | null): void {
  assert.throws(attempt, (error) => {
    assert.ok(error instanceof UnsealError, String(error));
    assert.equal(error.keyId, keyId);
    assert.doesNotMatch(String(error.stack), /zapier/);
    return true;
  });
}

suite("sealed text", () => {
  test("opens to the original text in its row", () => {
    const text = fc.string({ unit: "binary", maxLength: 3000 });
    fc.assert(
      fc.property(text, fc.uuid(), fc.uuid(), (text, workspaceId, connectionId) => {
        const row = { workspaceId, connectionId };
        assert.equal(unseal(RING, row, seal(RING, row, text)), text);
      }),
    );
  });

  test("opens in later versions", () => {
    const sealed =
      "v1.cda057a0.J6QleqPEVu3D2cuoFGb44P6SCizlW1aSOTKhm8DGursGMdWbCPc7j5yhnMRY8nA0apTdCSLV-yujltoZuy_7ed88ZK8rU4q3";
    assert.equal(unseal(RING, ROW, sealed), SECRET);
  });

  test("names its version and key and hides its content", () => {
    const sealed = seal(RING, ROW, SECRET);
    assert.match(sealed, /^v1\.cda057a0\.[A-Za-z0-9_-]+$/);
    assert.equal(keyIdOf(sealed), RING.current.id);
    for (const encoding of ["latin1", "base64", "hex"] as const) {
      const needle = Buffer.from("zapier.com/hooks").toString(encoding).replace(/=+$/, "");
      assert.ok(!payloadOf(sealed).toString(encoding).includes(needle));
      assert.ok(!sealed.includes(needle));
    }
  });

  test("is different each time", () => {
    const sealed = Array.from({ length: 200 }, () => seal(RING, ROW, SECRET));
    const nonces = sealed.map((text) => payloadOf(text).subarray(0, 12).toString("hex"));
    assert.equal(new Set(nonces).size, 200);
    assert.equal(new Set(sealed).size, 200);
  });

  test("opens with a previous key", () => {
    const rotated = createKeyring("another long enough passphrase", [HEX]);
    assert.equal(unseal(rotated, ROW, seal(RING, ROW, SECRET)), SECRET);
    assert.notEqual(keyIdOf(seal(rotated, ROW, SECRET)), RING.current.id);
  });
});

suite("sealed text does not open", () => {
  const sealed = seal(RING, ROW, SECRET);
  const { id } = RING.current;

  test("in another connection's row", () => {
    const moved = { ...ROW, connectionId: ROW.workspaceId };
    assertSealed(() => unseal(RING, moved, sealed), id);
  });

  test("in another workspace", () => {
    const moved = { ...ROW, workspaceId: ROW.connectionId };
    assertSealed(() => unseal(RING, moved, sealed), id);
  });

  test("with workspace and connection swapped", () => {
    const exchanged = { workspaceId: ROW.connectionId, connectionId: ROW.workspaceId };
    assertSealed(() => unseal(RING, exchanged, sealed), id);
  });

  test("without its key, and says which one is missing", () => {
    assertSealed(() => unseal(OTHER, ROW, sealed), id);
  });

  test("under the id of another key in the keyring", () => {
    const ring = createKeyring(HEX, ["correct horse battery staple"]);
    const renamed = sealed.replace(id, OTHER.current.id);
    assertSealed(() => unseal(ring, ROW, renamed), OTHER.current.id);
  });

  for (const version of ["v2", "v0", "V1", ""]) {
    test(`as version "${version}"`, () => {
      assertSealed(() => unseal(RING, ROW, sealed.replace("v1", version)), null);
    });
  }

  test("with any byte changed: nonce, ciphertext or tag", () => {
    for (let index = 0; index < payloadOf(sealed).length; index++) {
      assertSealed(() => unseal(RING, ROW, withByteChanged(sealed, index)), id);
    }
  });

  test("cut short anywhere", () => {
    const bytes = payloadOf(sealed);
    for (let length = 0; length < bytes.length; length++) {
      const cut = `v1.${id}.${bytes.subarray(0, length).toString("base64url")}`;
      assertSealed(() => unseal(RING, ROW, cut), id);
    }
  });

  for (const text of ["", "v1", `v1.${RING.current.id}`, `${sealed}.`, `${sealed}.x`, "v1..", SECRET]) {
    test(`when it is ${JSON.stringify(text.length > 60 ? `${text.slice(0, 12)}…${text.slice(-3)}` : text)}`, () => {
      assert.throws(() => unseal(RING, ROW, text), UnsealError);
    });
  }
});
