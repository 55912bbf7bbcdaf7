import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { StatementNames } from "./statement-names.ts";

suite("names of statements", () => {
  const nameAfter = (names: StatementNames, text: string, runs: number) =>
    Array.from({ length: runs }, () => names.of(text)).at(-1);

  test("are given to repeated statements, and derived from the text", () => {
    const names = new StatementNames();
    assert.equal(nameAfter(names, "select 1", 2), undefined);
    const name = names.of("select 1");
    assert.match(name ?? "", /^os_[0-9a-f]{24}$/);
    assert.equal(names.of("select 1"), name);
    assert.equal(nameAfter(new StatementNames(), "select 1", 3), name);
    assert.notEqual(nameAfter(names, "select 2", 3), name);
  });

  test("are limited in number, as are the remembered texts", () => {
    const names = new StatementNames();
    const named = Array.from({ length: 1000 }, (_, n) => nameAfter(names, `select ${n}`, 3));
    assert.equal(new Set(named.filter((name) => name !== undefined)).size, 200);
    for (let n = 0; n < 10_000; n++) assert.equal(names.of(`once ${n}`), undefined);
  });

  test("are not given any more once they are turned off", () => {
    const names = new StatementNames();
    assert.notEqual(nameAfter(names, "select 1", 3), undefined);
    names.turnOff();
    assert.equal(names.of("select 1"), undefined);
    assert.equal(nameAfter(names, "select 2", 3), undefined);
  });
});
