import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { csvRecord } from "./csv.ts";

test("quotes cells with separators, quotes or line ends, and leaves others unchanged", () => {
  assert.equal(
    csvRecord(["plain", "a,b", 'say "hi"', "two\r\nlines", null, "", "a;b"]),
    'plain,"a,b","say ""hi""","two\r\nlines",,,"a;b"\r\n',
  );
});

suite("keeps a cell from being run as a formula", () => {
  const cell = (text: string) => csvRecord([text]).slice(0, -2);

  for (const mark of ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫", "−"]) {
    test(`that starts with ${mark}`, () => {
      assert.equal(cell(`${mark}1`), `'${mark}1`);
      assert.equal(cell(` ${mark}1`), `' ${mark}1`);
      assert.equal(cell(`\u00a0\u200b\ufeff${mark}1`), `'\u00a0\u200b\ufeff${mark}1`);
    });

    test(`that starts with ${mark} when ; is the separator`, () => {
      assert.equal(cell(`a;${mark}1`), `"a;'${mark}1"`);
      assert.equal(cell(`a; ${mark}1;${mark}2`), `"a; '${mark}1;'${mark}2"`);
      assert.equal(cell(`a;"${mark}1"`), `"a;""'${mark}1"""`);
      assert.equal(cell(`;${mark}1`), `";'${mark}1"`);
    });
  }

  test("after a tab or a line end", () => {
    assert.equal(cell("\t1"), `"'\t1"`);
    assert.equal(cell("\r1"), `"'\r1"`);
    assert.equal(cell("\n1"), `"'\n1"`);
    assert.equal(cell("a\t=1"), `"a\t'=1"`);
    assert.equal(cell("a\n\r =1"), `"a\n\r '=1"`);
  });

  test("and changes no other cell", () => {
    assert.equal(cell('=HYPERLINK("x")'), `"'=HYPERLINK(""x"")"`);
    for (const text of ["a=1", "'=1", "a-b", "2026-06-06", "a@example.com", "ünï"])
      assert.equal(cell(text), text);
    assert.equal(cell('{"a":[1,-2],"b":"x"}'), '"{""a"":[1,-2],""b"":""x""}"');
  });

  test("with any separator", () => {
    const piece = fc.constantFrom(";", "\t", "\n", '"', " ", "=", "@", "＝", "a", ",", "'", "\u200b");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const record = csvRecord(["first", pieces.join("")]).slice("first,".length);
        for (const part of record.split(/[;\t\r\n]/)) {
          assert.doesNotMatch(part, /^[\s\p{Cf}"]*[=@＝]/u, record);
        }
      }),
    );
  });
});
