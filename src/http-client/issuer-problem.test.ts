import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { issuerProblem } from "./issuer-problem.ts";

const ALONE = "UNABLE_TO_VERIFY_LEAF_SIGNATURE";
const OCSP = { "OCSP - URI": ["http://ocsp.example.com"] };
const PUBLIC = { infoAccess: { ...OCSP, "CA Issuers - URI": ["http://ca.example.com/r3.der"] } };
const WITH_OCSP_ONLY = { infoAccess: OCSP };
const PRIVATE = {};

suite("a certificate sent without intermediates", () => {
  const ROWS = [
    ["that says where its issuer is", PUBLIC, false, "tls_incomplete_chain"],
    ["that says where its issuer is, with private authorities trusted", PUBLIC, true, "tls_incomplete_chain"],
    ["that does not say", PRIVATE, false, "tls_unknown_ca"],
    ["that only names an OCSP server", WITH_OCSP_ONLY, false, "tls_unknown_ca"],
    ["that does not say, with private authorities trusted", PRIVATE, true, "tls_incomplete_chain"],
    ["that could not be read", undefined, false, "tls_unknown_ca"],
  ] as const;
  for (const [name, leaf, trustsOwn, code] of ROWS) {
    test(`${name} has ${code}`, () => {
      assert.equal(
        issuerProblem(ALONE, leaf, () => trustsOwn),
        code,
      );
    });
  }

  test("is not judged if it has another problem", () => {
    for (const cause of ["CERT_HAS_EXPIRED", undefined, null]) {
      assert.equal(
        issuerProblem(cause, PRIVATE, () => false),
        null,
      );
    }
  });
});
