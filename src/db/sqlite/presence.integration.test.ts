import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, it } from "node:test";
import { LOCK_FILE, Presence } from "./presence.ts";

/** Enters, prints whether it is alone, lets others in and stays until it is killed. */
const ENTERING = `
  const { Presence } = await import(process.argv[1]);
  const presence = await Presence.enter(process.argv[2]);
  console.log(presence.isAlone);
  presence.letOthersIn();
  setInterval(() => presence.isAlone, 1000);
`;

describe("presence in a data folder", () => {
  let folder: string;
  const ends: (() => void)[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "opensend-test-"));
  });
  afterEach(() => {
    for (const end of ends.splice(0)) end();
    rmSync(folder, { recursive: true, force: true });
  });

  const enter = async () => {
    const presence = await Presence.enter(folder);
    ends.push(() => presence.close());
    return presence;
  };
  const enterElsewhere = async () => {
    const module = join(import.meta.dirname, "presence.ts");
    const child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", ENTERING, module, folder],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const kill = async () => {
      child.kill("SIGKILL");
      await ended;
    };
    ends.push(() => void child.kill("SIGKILL"));
    const isAlone = await new Promise<boolean>((resolve) => {
      child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString("utf8").trim() === "true"));
    });
    return { isAlone, kill };
  };

  it("reports to the first process that it is alone, and to later ones that they are not", async () => {
    const first = await enter();
    first.shareLock();
    assert.equal(first.isAlone, true);
    assert.equal((await enterElsewhere()).isAlone, false);
    assert.equal((await enter()).isAlone, false, "nor a second one in the same process");
  });

  it("lets no one in before the first process allows it", async () => {
    const first = await enter();
    const other = new DatabaseSync(join(folder, LOCK_FILE), { timeout: 0 });
    const read = () => other.prepare("select count(*) from sqlite_schema").get();
    assert.throws(read, /database is locked/);
    const second = enterElsewhere();
    first.shareLock();
    assert.equal((await second).isAlone, false);
    assert.ok(read());
    other.close();
  });

  it("ends when the process is killed", async () => {
    const { isAlone, kill } = await enterElsewhere();
    assert.equal(isAlone, true);
    await kill();
    assert.equal((await enter()).isAlone, true);
  });

  it("remains when another one of the same process leaves", async () => {
    const first = await enter();
    first.shareLock();
    const second = await Presence.enter(folder);
    second.close();
    assert.equal((await enterElsewhere()).isAlone, false);
  });

  it("uses a file that only its owner can read", async () => {
    await enter();
    assert.equal(statSync(join(folder, LOCK_FILE)).mode & 0o777, 0o600);
  });
});
