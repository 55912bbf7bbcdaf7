import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, suite, test } from "node:test";
import { ConfigurationError } from "./configuration-error.ts";
import { keptSecret } from "./kept-secret.ts";

suite("a kept secret", () => {
  const folder = mkdtempSync(join(tmpdir(), "opensend-kept-"));
  after(() => rmSync(folder, { recursive: true }));

  test("is created once: 32 random bytes in a file for its owner only", () => {
    const dataDir = join(folder, "new", "data");
    const first = keptSecret(dataDir, "some.key");
    assert.deepEqual(
      { ...first, value: Buffer.from(first.value, "base64").length },
      { value: 32, made: true, path: join(dataDir, "some.key") },
    );
    assert.equal(statSync(first.path).mode & 0o777, 0o600);
    assert.equal(statSync(dataDir).mode & 0o777, 0o700);
    assert.deepEqual(readdirSync(dataDir), ["some.key"], "no draft stays behind");
    assert.deepEqual(keptSecret(dataDir, "some.key"), { ...first, made: false });
  });

  test("is different in another file and in another folder", () => {
    const values = [
      keptSecret(join(folder, "a"), "one.key").value,
      keptSecret(join(folder, "a"), "two.key").value,
      keptSecret(join(folder, "b"), "one.key").value,
    ];
    assert.equal(new Set(values).size, 3);
  });

  test("is read without the white space an editor left", () => {
    writeFileSync(join(folder, "edited.key"), "by hand \n\n");
    assert.deepEqual(keptSecret(folder, "edited.key"), {
      value: "by hand",
      made: false,
      path: join(folder, "edited.key"),
    });
  });

  test("is refused when its file is empty or truncated, naming the file and not the content", () => {
    for (const text of ["", "\n", '""', '"s3cr3t']) {
      const path = join(folder, "cut.key");
      writeFileSync(path, text);
      assert.throws(
        () => keptSecret(folder, "cut.key"),
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
    const made = await Promise.all(makers.map((maker) => maker.result));
    const kept = readFileSync(join(dataDir, "race.key"), "utf8").trim();
    assert.deepEqual(
      made.map((result) => result.value),
      [kept, kept, kept, kept],
    );
    assert.equal(made.filter((result) => result.made).length, 1);
    assert.deepEqual(readdirSync(dataDir), ["race.key"]);
  });
});

/** A process that has loaded everything and creates the secret on request. */
async function startMaker(dataDir: string) {
  const module = join(import.meta.dirname, "kept-secret.ts");
  const source = `
    const { keptSecret } = await import(${JSON.stringify(module)});
    process.stderr.write("ready");
    process.stdin.once("data", () => {
      process.stdout.write(JSON.stringify(keptSecret(${JSON.stringify(dataDir)}, "race.key")));
    });`;
  const child = spawn(process.execPath, [
    "--disable-warning=ExperimentalWarning",
    "--input-type=module",
    "--eval",
    source,
  ]);
  const result = text(child.stdout).then(
    (output) => JSON.parse(output) as { readonly value: string; readonly made: boolean },
  );
  await once(child.stderr, "data");
  return { result, go: () => child.stdin.end("go") };
}
