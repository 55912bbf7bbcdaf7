#!/usr/bin/env node
import { existsSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

// Compiled code is kept from one start to the next: that saves a third of the time to listen, and the memory of the
// compiler. It must be on before the program is loaded, which is why this file is JavaScript and does nothing else.
// Where the folder cannot be written, nothing is kept.
enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/opensend", import.meta.url)));

const source = new URL("../src/cli/main.ts", import.meta.url);
await import(existsSync(source) ? source.href : new URL("../dist/cli/main.js", import.meta.url).href);
