import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import type { Assets } from "./layout.ts";

const FONT_SOURCE = /url\("(@fontsource-variable\/[^"]+)"\)/g;
const HASH_LENGTH = 8;

type BuiltAssets = { readonly assets: Assets; readonly files: ReadonlyMap<string, string | Buffer> };

/** Styles, scripts and fonts under names that contain a hash of their content, so that browsers can cache them. */
export async function buildAssets(projectDir: string): Promise<BuiltAssets> {
  const files = new Map<string, string | Buffer>();
  const add = (name: string, content: string | Buffer) => {
    const path = hashedPath(name, content);
    files.set(path, content);
    return path;
  };
  const read = (path: string) => readFileSync(join(projectDir, path), "utf8");
  const require = createRequire(join(projectDir, "package.json"));
  const fonts = read("dashboard/src/styles/fonts.css").replace(FONT_SOURCE, (_, name: string) => {
    const path = add(name.split("/").at(-1) ?? "font.woff2", readFileSync(require.resolve(name)));
    return `url("${path.replace("assets/", "")}")`;
  });
  const style = [fonts, read("dashboard/src/styles/tokens.css"), read("docs-site/style.css")].join("\n");
  const assets = {
    style: add("docs.css", style),
    script: add("docs.js", await bundleScript(projectDir)),
    theme: add("theme.js", read("docs-site/client/theme.js")),
    icon: add("favicon.svg", read("dashboard/public/favicon.svg")),
  };
  return { assets, files };
}

async function bundleScript(projectDir: string): Promise<string> {
  const { build } = await import("rolldown");
  const { output } = await build({
    cwd: projectDir,
    input: "docs-site/client/docs.ts",
    platform: "browser",
    logLevel: "warn",
    write: false,
    output: { format: "esm", minify: true },
  });
  return output[0].code;
}

function hashedPath(name: string, content: string | Buffer): string {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, HASH_LENGTH);
  const extension = extname(name);
  return `assets/${name.slice(0, -extension.length)}-${hash}${extension}`;
}
