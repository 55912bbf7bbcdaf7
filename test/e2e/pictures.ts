import { mkdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { Page } from "playwright-core";

const PROJECT_DIR = join(import.meta.dirname, "..", "..");

/** Creates the folder for the pictures. @throws if none is given or it is inside the project. */
export function pictureFolder(folder: string | undefined, usage: string): string {
  if (folder === undefined) throw new Error(`Name a folder: ${usage}`);
  const target = resolve(folder);
  if (!relative(PROJECT_DIR, target).startsWith("..")) {
    throw new Error(`${target} is inside the project. Name a folder outside of it.`);
  }
  mkdirSync(target, { recursive: true });
  return target;
}

export function pictureName(name: string, width: number, colorScheme: "light" | "dark"): string {
  return `${name.replace(/[^a-z0-9]+/gi, "-")}-${width}-${colorScheme}.png`;
}

/** The height of the whole page: rows out of sight are not laid out, so the window gets that height. */
export async function heightOf(page: Page): Promise<number> {
  return page.evaluate<number>("Math.max(800, document.documentElement.scrollHeight)");
}
