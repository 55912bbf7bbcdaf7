import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BUILD_STAMP_FILE, hashSources } from "./source-hash.ts";

const folder = import.meta.dirname;
const builtHtml = join(folder, "dist", "index.html");

// A published package has the built files but no sources, so there is nothing to build.
if (existsSync(join(folder, "src", "main.tsx")) && builtFrom() !== hashSources(folder)) await build();

function builtFrom(): string | null {
  const stamp = join(folder, "dist", BUILD_STAMP_FILE);
  return existsSync(builtHtml) && existsSync(stamp) ? readFileSync(stamp, "utf8") : null;
}

async function build(): Promise<void> {
  const vite = await import("vite").catch(() => null);
  if (vite === null) {
    if (existsSync(builtHtml)) {
      console.warn("The dashboard's build is older than its sources. Run `npm install` to build it again.");
      return;
    }
    console.error(
      "The dashboard is not built, and Vite is not installed. Run `npm install`, then start again.",
    );
    process.exit(1);
  }
  const startedAt = performance.now();
  console.log("Building the dashboard …");
  await vite.build({ configFile: join(folder, "vite.config.ts"), logLevel: "error" });
  console.log(`Built the dashboard in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
}
