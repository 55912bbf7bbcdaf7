import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CLIENTS_DIR, run } from "./clients.ts";
import type { Setting } from "./contract.ts";

const PROJECT_DIR = join(import.meta.dirname, "..", "..");
const PAGE = join(PROJECT_DIR, "docs", "sdks.md");
const TARBALL_BYTES_MAX = 64 * 1024;
/** A program that uses the package's types; the last line is an error that the compiler must find. */
const CONSUMER = `import { ApiError, OpenSend, type VerifiedEvent, verify } from "@opensend/client";
export async function use(opensend: OpenSend): Promise<string | undefined> {
  const { id, deliveries } = await opensend.send({ type: "a", data: { b: 1 }, created_at: new Date() });
  await opensend.sendBatch([{ type: "a", data_text: "{}", id }], { signal: AbortSignal.timeout(1) });
  for await (const { attempt_count } of opensend.deliveries.all({ status: "failed" })) console.log(attempt_count + deliveries);
  const event: VerifiedEvent = await verify({ body: "", headers: new Headers(), secret: ["s"] });
  const { config } = await opensend.connections.update(id, { description: null });
  const error: unknown = event;
  if (ApiError.is(error, "not_found")) return error.requestId ?? config.webhook.endpoint_host;
  // @ts-expect-error: an event has a type.
  return void opensend.send({ data: {} });
}
`;

/** The published TypeScript package, and the documentation's snippets in all languages. */
export function packages(folder: string, packageDir: string, python: string, setting: () => Setting): void {
  test("the package is small, and contains only the necessary files", async () => {
    const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
    const [packed] = JSON.parse(await run("npm", args, join(CLIENTS_DIR, "typescript"))) as [
      { size: number; files: { path: string }[] },
    ];
    assert.ok(packed.size < TARBALL_BYTES_MAX, `${packed.size} bytes`);
    const others = packed.files.map(({ path }) => path).filter((path) => !path.startsWith("dist/"));
    assert.deepEqual(others.sort(), ["LICENSE", "README.md", "package.json"]);
    const { dependencies } = JSON.parse(readFileSync(join(packageDir, "package.json"), "utf8")) as object & {
      dependencies?: object;
    };
    assert.equal(dependencies, undefined);
  });

  test("the package has types for ES modules and for CommonJS", async () => {
    const place = join(folder, "consumer");
    mkdirSync(place, { recursive: true });
    for (const name of ["use.mts", "use.cts"]) writeFileSync(join(place, name), CONSUMER);
    const compiler = join(PROJECT_DIR, "node_modules", "typescript-7", "bin", "tsc");
    const options = [
      "--noEmit",
      "--strict",
      "--exactOptionalPropertyTypes",
      "--module",
      "node16",
      "--target",
      "es2022",
    ];
    const types = ["--typeRoots", join(PROJECT_DIR, "node_modules/@types"), "--types", "node"];
    await run(process.execPath, [compiler, ...options, ...types, "use.mts", "use.cts"], place);
  });

  test("each snippet in the documentation sends an event", async () => {
    const { url, key } = setting();
    const env = { ...process.env, OPENSEND_URL: url, OPENSEND_API_KEY: key };
    const place = join(folder, "snippets");
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "send.mts"), snippet("ts"));
    writeFileSync(join(place, "send.py"), snippet("python"));
    const go = join(place, "go");
    mkdirSync(go);
    writeFileSync(join(go, "main.go"), goProgram(snippet("go")));
    writeFileSync(
      join(go, "go.mod"),
      readFileSync(join(import.meta.dirname, "drivers/go/go.mod"), "utf8").replace(
        "../../../../clients/go",
        join(CLIENTS_DIR, "go"),
      ),
    );
    const read = async () => {
      const response = await fetch(`${url}/api/events?type=order.paid`, {
        headers: { authorization: `Bearer ${key}` },
      });
      const { data } = (await response.json()) as { data: unknown[] };
      return data.length;
    };
    const before = await read();
    await run(process.execPath, ["--disable-warning=ExperimentalWarning", "send.mts"], place, env);
    await run(python, ["send.py"], place, env);
    await run("go", ["run", "."], go, env);
    assert.equal(await read(), before + 3);
  });
}

function snippet(language: string): string {
  const block = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "ms").exec(readFileSync(PAGE, "utf8"));
  assert.ok(block?.[1], language);
  return block[1];
}

/** Adds the parts of a program that a Go snippet leaves out. */
function goProgram(body: string): string {
  return `package main

import (
	"context"
	"log"

	opensend "github.com/opensend/opensend/clients/go"
)

func main() {
	ctx := context.Background()
	${body}
	if err != nil {
		log.Fatal(err)
	}
	log.Print(accepted.ID)
}
`;
}
