import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

type Place = { readonly files: string; readonly pattern: RegExp };

/** The other places that contain the version. Each pattern matches the version between its two groups. */
const PLACES: readonly Place[] = [
  { files: "deploy/helm/*/Chart.yaml", pattern: /^(version: )\S+()$/m },
  { files: "deploy/helm/*/Chart.yaml", pattern: /^(appVersion: ")[^"]+(")$/m },
  { files: "{clients,integrations}/*/package.json", pattern: /^( {2}"version": ")[^"]+(")/m },
  { files: "{clients,integrations}/*/pyproject.toml", pattern: /^(version = ")[^"]+(")$/m },
];

/** Every file that contains the version, updated to that of package.json. */
export function renderVersions(projectDir: string): Record<string, string> {
  const read = (path: string) => readFileSync(join(projectDir, path), "utf8");
  const { version } = JSON.parse(read("package.json")) as { version: string };
  const rendered: Record<string, string> = {};
  for (const { files, pattern } of PLACES) {
    for (const path of globSync(files, { cwd: projectDir })) {
      rendered[path] = (rendered[path] ?? read(path)).replace(pattern, `$1${version}$2`);
    }
  }
  return rendered;
}
