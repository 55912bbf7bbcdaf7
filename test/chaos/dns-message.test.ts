import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { answerNoSuchName, answerWith, readQuestion } from "./dns-message.ts";

/** As `dig www.good.test` asks: one question, and a record of EDNS behind it. */
const query = (type: string) =>
  Buffer.from(
    `abcd 0120 0001 0000 0000 0001 03777777 04676f6f64 0474657374 00 ${type} 0001 00 0029 04d0 00000000 0000`.replaceAll(
      " ",
      "",
    ),
    "hex",
  );

describe("a DNS message", () => {
  it("is given the address of its name", () => {
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

  it("gets no records when it asks for an address of another kind", () => {
    const answer = answerWith("127.0.0.1", readQuestion(query("001c")));
    assert.equal(
      answer.toString("hex"),
      `abcd81800001000000000000${"0377777704676f6f64047465737400"}001c0001`,
    );
  });

  it("learns that there is no such name", () => {
    assert.equal(answerNoSuchName(readQuestion(query("0001"))).readUInt16BE(2), 0x8183);
  });
});
