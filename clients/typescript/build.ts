import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "rolldown";

/** Builds the package: an ES module, a CommonJS module, and the types for both. */
const FOLDER = import.meta.dirname;
const DIST = join(FOLDER, "dist");

rmSync(DIST, { recursive: true, force: true });
for (const format of ["esm", "cjs"] as const) {
  await build({
    input: join(FOLDER, "src/index.ts"),
    logLevel: "warn",
    tsconfig: false,
    output: { file: join(DIST, format, "index.js"), format, strict: format === "cjs" },
  });
}

const compiler = createRequire(import.meta.url).resolve("typescript/lib/tsc.js");
const { status } = spawnSync(process.execPath, [compiler, "-p", FOLDER], { stdio: "inherit" });
if (status !== 0) process.exit(1);

// In a package of ES modules, CommonJS and its types need a folder marked as such.
mkdirSync(join(DIST, "cjs"), { recursive: true });
writeFileSync(join(DIST, "cjs/package.json"), '{ "type": "commonjs" }\n');
for (const name of readdirSync(join(DIST, "esm")).filter((file) => file.endsWith(".d.ts"))) {
  const path = join(DIST, "esm", name);
  writeFileSync(path, readFileSync(path, "utf8").replace(/(from "\.\/[\w.-]+)\.ts"/g, '$1.js"'));
  cpSync(path, join(DIST, "cjs", name));
}
