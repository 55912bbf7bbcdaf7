import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ClientMessageReader } from "./postgres-messages.ts";

const message = (type: string, ...texts: string[]) => {
  const body = Buffer.from(texts.map((text) => `${text}\0`).join(""));
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const startup = Buffer.from("0000000800030000", "hex");

describe("the messages of a PostgreSQL client", () => {
  it("name the statement that runs, also if it was prepared earlier under a name", () => {
    const reader = new ClientMessageReader();
    reader.read(startup);
    reader.read(message("P", "insert", "insert into events values ($1)"));
    reader.read(message("S"));
    const sent = [message("B", "", "insert"), message("E", ""), message("S"), message("Q", "commit")];
    assert.deepEqual(
      reader.read(Buffer.concat(sent)).map(({ runs, isComplete }) => [runs, isComplete]),
      [
        [null, false],
        ["insert into events values ($1)", false],
        [null, true],
        ["commit", true],
      ],
    );
  });

  it("are assembled from pieces", () => {
    const reader = new ClientMessageReader();
    const whole = Buffer.concat([startup, message("Q", "commit")]);
    const read = [...whole].flatMap((byte) => reader.read(Buffer.from([byte])));
    assert.deepEqual(
      read.map(({ runs }) => runs),
      [null, "commit"],
    );
    assert.deepEqual(Buffer.concat(read.map(({ raw }) => raw)), whole);
  });

  it("begin with requests that have no type byte, such as the request for TLS", () => {
    const reader = new ClientMessageReader();
    const tlsRequest = Buffer.from("0000000804d2162f", "hex");
    const read = reader.read(Buffer.concat([tlsRequest, startup, message("Q", "begin")]));
    assert.deepEqual(
      read.map(({ runs }) => runs),
      [null, null, "begin"],
    );
  });
});
