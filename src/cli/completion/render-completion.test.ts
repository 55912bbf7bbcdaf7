import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import { needs } from "../../../test/support/needs.ts";
import { createProgram } from "../program.ts";
import { readCommands } from "./read-commands.ts";
import { renderCompletion } from "./render-completion.ts";

const entries = readCommands(createProgram());

/** The completions that bash offers for the last of these words. */
function offersOfBash(...words: string[]): string[] {
  const list = ["opensend", ...words].map((word) => `'${word}'`).join(" ");
  const script = `${renderCompletion("bash", entries)}
COMP_WORDS=(${list}); COMP_CWORD=${words.length}; _opensend; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-euc", script], { encoding: "utf8" }).split("\n").filter(Boolean);
}

describe("completion in bash", { skip: needs("bash") }, () => {
  it("offers commands", () => {
    const offers = offersOfBash("");
    for (const name of ["start", "events", "listen", "completion", "--env-file"])
      assert.ok(offers.includes(name), name);
  });
  it("offers the commands of a group by prefix", () => {
    assert.deepEqual(offersOfBash("connections", "p"), ["pause"]);
  });
  it("offers options after other options", () => {
    assert.deepEqual(offersOfBash("--env-file", "x", "events", "list", "--type", "order.*", "--un"), [
      "--until",
    ]);
  });
  it("offers the values of an option and of an argument", () => {
    assert.deepEqual(offersOfBash("replay", "--status", "de"), ["delivered"]);
    assert.deepEqual(offersOfBash("completion", "z"), ["zsh"]);
  });
  it("leaves free values to bash's file completion", () => {
    assert.deepEqual(offersOfBash("events", "send", "x", "--data-file", "--j"), []);
  });
});

describe("completion in other shells", () => {
  it("is a script that zsh reads", { skip: needs("zsh") }, () => {
    execFileSync("zsh", ["-nc", renderCompletion("zsh", entries)]);
  });
  it("is a script that fish reads and completes with", { skip: needs("fish") }, () => {
    const script = `${renderCompletion("fish", entries)}\ncomplete -C "opensend connections pa"`;
    assert.match(execFileSync("fish", ["-c", script], { encoding: "utf8" }), /^pause\t/);
  });
  for (const shell of ["zsh", "fish"] as const) {
    it(`names every command in ${shell}`, () => {
      const script = renderCompletion(shell, entries);
      for (const { path } of entries) assert.ok(script.includes(path), path);
    });
  }
});
