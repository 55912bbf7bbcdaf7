import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PACKED_FILES, packFiles } from "../src/http/built-files.ts";

/** Packs the built dashboard and documentation into a single file, from which the npm package serves them. */
const PROJECT_DIR = join(import.meta.dirname, "..");
const FOLDERS = { dashboard: "dashboard/dist", docs: "docs-site/dist" };

const files = new Map<string, Buffer>();
for (const [part, folder] of Object.entries(FOLDERS)) {
  const paths = globSync("**/*.*", { cwd: join(PROJECT_DIR, folder) }).sort();
  for (const path of paths.filter((one) => one !== "build-stamp.txt")) {
    files.set(`${part}/${path.replaceAll("\\", "/")}`, readFileSync(join(PROJECT_DIR, folder, path)));
  }
}
writeFileSync(join(PROJECT_DIR, "dist", PACKED_FILES), packFiles(files));
