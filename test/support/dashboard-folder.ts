import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

type DashboardFolder = { readonly folder: string; readonly script: string; readonly remove: () => void };

/** A folder in the form of a dashboard build, with one large and one small script. */
export function makeDashboard(): DashboardFolder {
  const folder = mkdtempSync(join(tmpdir(), "opensend-dashboard-"));
  const script = `console.log("${"dashboard ".repeat(500)}")`;
  mkdirSync(join(folder, "assets"));
  const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
  write("index.html", "<!doctype html><title>Dashboard</title>");
  write("favicon.svg", "<svg/>");
  write("build-stamp.txt", "a hash of the sources");
  write("assets/app-Ab_9.js", 'console.log("dashboard")');
  write("assets/style.css", 'console.log("dashboard")');
  write("assets/large-Cd_8.js", script);
  write("assets/large-Cd_8.js.br", brotliCompressSync(script));
  write("assets/large-Cd_8.js.gz", gzipSync(script));
  return { folder, script, remove: () => rmSync(folder, { recursive: true }) };
}
