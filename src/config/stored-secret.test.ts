import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, suite, test } from "node:test";
import { ConfigurationError } from "./configuration-error.ts";
import { storedSecret } from "./stored-secret.ts";

suite("a stored secret", () => {
  const folder = mkdtempSync(join(tmpdir(), "opensend-kept-"));
  after(() => rmSync(folder, { recursive: true }));

  test("is created once: 32 random bytes in a file for its owner only", () => {
    const dataDir = join(folder, "new", "data");
    const first = storedSecret(dataDir, "some.key");
    assert.deepEqual(
      { ...first, value: Buffer.from(first.value, "base64").length },
      { value: 32, created: true, path: join(dataDir, "some.key") },
    );
    assert.equal(statSync(first.path).mode & 0o777, 0o600);
    assert.equal(statSync(dataDir).mode & 0o777, 0o700);
    assert.deepEqual(readdirSync(dataDir), ["some.key"], "no draft stays behind");
    assert.deepEqual(storedSecret(dataDir, "some.key"), { ...first, created: false });
  });

  test("is different in another file and in another folder", () => {
    const values = [
      storedSecret(join(folder, "a"), "one.key").value,
      storedSecret(join(folder, "a"), "two.key").value,
      storedSecret(join(folder, "b"), "one.key").value,
    ];
    assert.equal(new Set(values).size, 3);
  });

  test("is read without the white space an editor left", () => {
    writeFileSync(join(folder, "edited.key"), "by hand \n\n");
    assert.deepEqual(storedSecret(folder, "edited.key"), {
      value: "by hand",
      created: false,
      path: join(folder, "edited.key"),
    });
  });

  test("is refused when its file is empty or truncated, naming the file and not the content", () => {
    for (const text of ["", "\n", '""', '"s3cr3t']) {
      const path = join(folder, "cut.key");
      writeFileSync(path, text);
      assert.throws(
        () => storedSecret(folder, "cut.key"),
        (error) => {
          assert.ok(error instanceof ConfigurationError);
          assert.match(error.message, new RegExp(`${path} must not .*Restore the file`));
          assert.doesNotMatch(error.message, /s3cr3t/);
          return true;
        },
      );
    }
  });

  test("is created once and shared by processes that start concurrently", async () => {
    const dataDir = join(folder, "race");
    const makers = await Promise.all(Array.from({ length: 4 }, () => startMaker(dataDir)));
    for (const maker of makers) maker.go();
    const created = await Promise.all(makers.map((maker) => maker.result));
    const stored = readFileSync(join(dataDir, "race.key"), "utf8").trim();
    assert.deepEqual(
      created.map((result) => result.value),
      [stored, stored, stored, stored],
    );
    assert.equal(created.filter((result) => result.created).length, 1);
    assert.deepEqual(readdirSync(dataDir), ["race.key"]);
  });
});

/** A process that has loaded everything and creates the secret on request. */
async function startMaker(dataDir: string) {
  const module = join(import.meta.dirname, "stored-secret.ts");
  const source = `
    const { storedSecret } = await import(${JSON.stringify(module)});
    process.stderr.write("ready");
    process.stdin.once("data", () => {
      process.stdout.write(JSON.stringify(storedSecret(${JSON.stringify(dataDir)}, "race.key")));
    });`;
  const child = spawn(process.execPath, [
    "--disable-warning=ExperimentalWarning",
    "--input-type=module",
    "--eval",
    source,
  ]);
  const result = text(child.stdout).then(
    (output) => JSON.parse(output) as { readonly value: string; readonly created: boolean },
  );
  await once(child.stderr, "data");
  return { result, go: () => child.stdin.end("go") };
}
