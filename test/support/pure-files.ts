import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** Several test files in one process: those named in OPENSEND_TEST_PURE_FILES, one per line. */
const files = process.env["OPENSEND_TEST_PURE_FILES"]?.split("\n") ?? [];
for (const file of files) await import(pathToFileURL(resolve(file)).href);
