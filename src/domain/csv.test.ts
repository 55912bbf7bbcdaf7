import assert from "node:assert/strict";
import { test } from "node:test";
import { csvRecord } from "./csv.ts";

test("quotes what has commas, quotes or line ends, and leaves the rest as it is", () => {
  assert.equal(
    csvRecord(["plain", "a,b", 'say "hi"', "two\r\nlines", null, ""]),
    'plain,"a,b","say ""hi""","two\r\nlines",,\r\n',
  );
});

test("keeps a cell from being run as a formula", () => {
  for (const start of ["=", "+", "-", "@", "\t"]) assert.equal(csvRecord([`${start}1`]), `'${start}1\r\n`);
  assert.equal(csvRecord(["\r1"]), `"'\r1"\r\n`);
  assert.equal(csvRecord(['=HYPERLINK("x")']), `"'=HYPERLINK(""x"")"\r\n`);
  assert.equal(csvRecord(["a=1", "'=1"]), "a=1,'=1\r\n");
});
