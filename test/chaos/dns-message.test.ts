import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { answerNoSuchName, answerWith, readQuestion } from "./dns-message.ts";

/** A query as `dig www.good.test` sends it: one question, followed by an EDNS record. */
const query = (type: string) =>
  Buffer.from(
    `abcd 0120 0001 0000 0000 0001 03777777 04676f6f64 0474657374 00 ${type} 0001 00 0029 04d0 00000000 0000`.replaceAll(
      " ",
      "",
    ),
    "hex",
  );

describe("a DNS response", () => {
  it("contains the address of the name", () => {
    const question = readQuestion(query("0001"));
    assert.equal(question.name, "www.good.test");
    assert.equal(
      answerWith("127.0.0.1", question).toString("hex"),
      "abcd81800001000100000000" +
        "0377777704676f6f64047465737400" +
        "00010001" +
        "c00c000100010000003c00047f000001",
    );
  });

  it("has no records for another address type", () => {
    const answer = answerWith("127.0.0.1", readQuestion(query("001c")));
    assert.equal(
      answer.toString("hex"),
      `abcd81800001000000000000${"0377777704676f6f64047465737400"}001c0001`,
    );
  });

  it("reports a name that does not exist", () => {
    assert.equal(answerNoSuchName(readQuestion(query("0001"))).readUInt16BE(2), 0x8183);
  });
});
