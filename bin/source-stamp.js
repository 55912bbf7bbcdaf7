import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Sources of the server's bundle outside `src`: the build script and the installed packages. */
const OTHER_SOURCES = ["scripts/build-server.ts", "package-lock.json", "node_modules/.package-lock.json"];

/**
 * Size and modification time of every file that the server's bundle is built from, as text. Reading their contents at
 * each start would cost more than the check is worth. Times are in whole seconds, as in container images.
 *
 * @param {string} projectDir
 * @returns {string}
 */
export function stampSources(projectDir) {
  const sources = readdirSync(join(projectDir, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => `src/${name}`)
    .sort();
  return [...OTHER_SOURCES, ...sources]
    .map((path) => {
      const stat = statSync(`${projectDir}/${path}`, { throwIfNoEntry: false });
      return stat === undefined
        ? `${path} missing`
        : `${path} ${stat.size} ${Math.floor(stat.mtimeMs / 1000)}`;
    })
    .join("\n");
}
