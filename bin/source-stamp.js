import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** What the bundle of the server is built from, beside `src`: the build itself, and the installed packages. */
const OTHER_SOURCES = ["scripts/build-server.ts", "package-lock.json", "node_modules/.package-lock.json"];

/**
 * Size and time of every file that the bundle of the server is built from, as text. Contents are not compared: reading
 * them at each start would cost more than the check is worth. Times are in whole seconds, as container images keep them.
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
